import { Settings, WrongSetting } from '#config';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { notAdmitted } from '../domain/keys.errors.js';
import { SCOPES, type Grant } from '../domain/scopes.js';
import { hashOf, idIn, isSame } from '../key-text.js';
import { ApiKeyReader, type LivingKey } from '../read-model/api-key.reader.js';
import { ApiKeyTable } from '../read-model/api-key.table.js';
import { RecentKeys } from './recent-keys.js';

const BEARER = /^Bearer +([\x21-\x7e]{1,500}) *$/i;

/** The key of the settings: that of the service's owner, with which others are made. */
const OWNER: Grant = { keyId: null, namespace: null, scopes: SCOPES, ratePerMinute: null };

/** What is compared where there is no key, so that looking takes as long. */
const NOBODY = hashOf('nobody');

/** Says who may come in. */
@Injectable()
export class Doorkeeper implements OnApplicationBootstrap {
  /** Whether anybody is asked for a key. */
  readonly asks: boolean;
  private readonly logger = new Logger(Doorkeeper.name);
  private readonly ownersHash: string | null;
  /** Whose use is being noted. */
  private readonly noting = new Set<string>();

  constructor(
    settings: Settings,
    private readonly keys: ApiKeyReader,
    private readonly table: ApiKeyTable,
    private readonly recent: RecentKeys,
  ) {
    this.asks = settings.auth === 'keys';
    this.ownersHash = settings.adminApiKey === null ? null : hashOf(settings.adminApiKey);
  }

  /** @throws WrongSetting when nobody could come in and make keys */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.asks || this.ownersHash !== null) return;
    if (await this.keys.hasAdminOfService()) return;
    throw new WrongSetting(
      'The setting ADMIN_API_KEY is needed when AUTH is "keys" and no living key of the service has the scope admin.',
    );
  }

  /**
   * What the key in a header `Authorization` is good for.
   * @throws DomainError `auth.no_valid_key`, the same for whatever is wrong; `database.unavailable`
   */
  async admit(authorization: string): Promise<Grant> {
    const [, key = ''] = BEARER.exec(authorization) ?? [];
    const hash = hashOf(key);
    if (this.ownersHash !== null && isSame(hash, this.ownersHash)) return OWNER;
    const recent = this.recent.find(hash);
    if (recent) return recent;
    const { age } = this.recent;
    const grant = grantOf(await this.lookUp(key, hash));
    this.recent.keep(hash, grant, age);

    return grant;
  }

  private async lookUp(key: string, hash: string): Promise<LivingKey> {
    const id = idIn(key);
    if (id === null) throw notAdmitted();
    const found = await this.keys.living(id);
    const isRight = isSame(hash, found?.hash ?? NOBODY);
    if (!found || !isRight) throw notAdmitted();
    if (!found.is_noted) void this.noteUse(id);

    return found;
  }

  /** Nobody waits for it. */
  private async noteUse(id: string): Promise<void> {
    if (this.noting.has(id)) return;
    this.noting.add(id);
    try {
      await this.table.noteUse(id);
    } catch (error) {
      this.logger.warn(`The use of the key ${id} was not noted: ${(error as Error).message}`);
    } finally {
      this.noting.delete(id);
    }
  }
}

const grantOf = ({ id, namespace, scopes, rate_limit_per_minute: rate }: LivingKey): Grant => ({
  keyId: id,
  namespace,
  scopes,
  ratePerMinute: rate,
});
