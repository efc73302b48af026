import { EmbeddingProfiles, SharedVectors } from '#embedding';
import { Followers, type Step, type Worker } from '#event-store';
import { Inject, Injectable } from '@nestjs/common';
import { ForgottenTexts } from '../read-model/forgotten-texts.js';

const BATCH = 100;

/** Takes the vectors of texts that no memory has any more out of the cache that processes share. */
@Injectable()
export class SharedForgetter implements Worker {
  readonly name = 'shared-forgetter';

  constructor(
    private readonly texts: ForgottenTexts,
    private readonly profiles: EmbeddingProfiles,
    @Inject(SharedVectors) private readonly shared: SharedVectors | null,
    followers: Followers,
  ) {
    if (shared) followers.employ(this);
  }

  async step(): Promise<Step> {
    const texts = await this.texts.some(BATCH);
    const isDone = texts.length > 0 && (await this.forget(texts));
    if (isDone) await this.texts.done(texts);

    return { checkpoint: 0n, applied: isDone ? texts.length : 0 };
  }

  private async forget(texts: readonly string[]): Promise<boolean> {
    const models = (await this.profiles.all()).map(({ profile }) => profile.key);

    return (await this.shared?.forget(models, texts)) ?? false;
  }
}
