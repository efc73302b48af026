import { HashingEmbedder } from '#embedding';
import { describe } from '@jest/globals';
import { anEmbedder } from '../../contract/embedder.contract.js';

describe('A hashing embedder', () => {
  anEmbedder(() => new HashingEmbedder());
});
