import { expect } from 'chai';
import { printProblem } from './problem.js';
import { openYaml, valueAt } from './yaml-source.js';

describe('an opened YAML text', () => {
  const text = '# head\n- id: one\n  list: [1, 2]\n- &shared\n  id: two\n  deep: {4: x}\n- *shared\n';
  const source = openYaml({ file: 'f.yaml', text });

  const positions: [path: (string | number)[], at: 'key' | 'value', line: number, column: number][] = [
    [[], 'value', 2, 1],
    [[0], 'value', 2, 3],
    [[0, 'id'], 'value', 2, 7],
    [[0, 'id'], 'key', 2, 3],
    [[0, 'list', 1], 'value', 3, 13],
    [[0, 'absent'], 'value', 2, 3],
    [[1, 'deep', '4'], 'value', 6, 13],
    [[2], 'value', 7, 3],
    [[2, 'id'], 'value', 5, 7],
    [[9], 'value', 2, 1],
  ];
  for (const [path, at, line, column] of positions) {
    it(`finds the ${at} of ${JSON.stringify(path)} at ${line}:${column}`, () => {
      expect(source.positionOf(path, at)).to.deep.equal({ line, column });
    });
  }

  it('gives values by path, and nothing for what is not there', () => {
    expect(valueAt(source, [2, 'deep', 4])).to.equal('x');
    expect(valueAt(source, [0, 'id', 'length', 'x'])).to.equal(undefined);
  });

  const broken: [text: string, begins: string][] = [
    ['a: [1', 'f.yaml:1:6: not valid YAML: '],
    ['a: 1\na: 2', 'f.yaml:2:1: not valid YAML: Map keys must be unique'],
    ['a:\n\tb: 1\n\tc: 2', 'f.yaml:2:1: not valid YAML: a tab indents this line, only spaces may'],
    ['a:\n  b: 1\n  \tc: 1\n', 'f.yaml:3:3: not valid YAML: a tab indents this line, only spaces may'],
    ['a: *nobody', 'f.yaml:1:4: not valid YAML: nothing is marked &nobody'],
    ['a: !odd 1', 'f.yaml:1:4: not valid YAML: Unresolved tag'],
    ['? [a, b]\n: 1\n', 'f.yaml:1:3: not valid here: a key has to be a word'],
    ['a: {{b: 1}: 2}', 'f.yaml:1:5: not valid here: a key has to be a word'],
    ['--- 1\n--- 2\n', 'f.yaml:2:1: not valid YAML: Source contains multiple documents'],
    [
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [${'*b,'.repeat(30)}]`,
      'f.yaml:1:1: not usable YAML: Excessive alias count',
    ],
  ];
  it('tells of a syntax error once, not of what it made of the lines after it', () => {
    const { problems } = openYaml({ file: 'f.yaml', text: 'a: 1\n\tb:\n  - {c: 1}\n  - {d: 2}\n' });
    expect(problems.map(printProblem)).to.deep.equal([
      'f.yaml:2:1: not valid YAML: a tab indents this line, only spaces may',
    ]);
  });

  it('tells of every key that is written twice', () => {
    const { problems } = openYaml({ file: 'f.yaml', text: 'a: 1\na: 2\nb: 1\nb: 2\n' });
    expect(problems.map(({ line }) => line)).to.deep.equal([2, 4]);
  });

  it('counts the lines of texts in quotes, too', () => {
    const { problems } = openYaml({ file: 'f.yaml', text: '"\n"\n"\n"\nb\n' });
    expect(problems.map(printProblem)[0]).to.match(/^f\.yaml:3:1: not valid YAML: /);
  });

  for (const [broken_, begins] of broken) {
    it(`${JSON.stringify(broken_.slice(0, 20))} says ${begins}`, () => {
      const { problems, value } = openYaml({ file: 'f.yaml', text: broken_ });
      expect(value).to.equal(undefined);
      expect(problems.map(printProblem)[0]).to.satisfy(
        (line: string) => line.startsWith(begins),
        JSON.stringify(problems),
      );
    });
  }
});
