import { beforeAll, describe, expect, it } from '@jest/globals';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { rules } from './rules.js';

describe('The house', () => {
  let result: ICruiseResult;

  beforeAll(async () => {
    const { output } = await cruise(
      ['src', 'examples', 'mikro-orm.config.ts'],
      {
        ruleSet: rules,
        validate: true,
        doNotFollow: { path: 'node_modules' },
        tsPreCompilationDeps: true,
        tsConfig: { fileName: 'tsconfig.json' },
        enhancedResolveOptions: { conditionNames: ['source', 'import', 'default'] },
      },
      undefined,
      { tsConfig: extractTSConfig('tsconfig.json') },
    );
    result = output as ICruiseResult;
  });

  it('was looked at whole', () => {
    expect(result.summary.totalCruised).toBeGreaterThan(100);
    const doors = result.modules.flatMap(({ dependencies }) =>
      dependencies.filter(({ module }) => module.startsWith('#')).map(({ resolved }) => resolved),
    );
    expect(doors).toContain('src/kernel/index.ts');
    expect(doors.filter((path) => !path.startsWith('src/'))).toEqual([]);
  });

  it.each(rules.forbidden.map(({ name }) => name))('%s', (name) => {
    const broken = result.summary.violations
      .filter((violation) => violation.rule.name === name)
      .map(({ from, to }) => `${from} -> ${to}`);

    expect(broken).toEqual([]);
  });
});
