import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { describeTerminal } from './terminal.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a stream gives away of itself: `describeTerminal` reads no more of it. */
const stream = (terminal: boolean): NodeJS.WriteStream =>
  Object.assign(new PassThrough(), { isTTY: terminal, columns: terminal ? 100 : undefined }) as never;

describe('terminal', () => {
  const look = (terminal: boolean, environment: Environment): Environment => {
    const { interactive, colours, columns } = describeTerminal(stream(terminal), environment);
    return { interactive: String(interactive), colours: String(colours), columns: String(columns) };
  };

  it('has colours and drawn progress', () => {
    expect(look(true, { TERM: 'xterm' })).to.deep.equal({ interactive: 'true', colours: 'true', columns: '100' });
  });

  it('draws no progress in CI, and colours a pipe there no more than elsewhere', () => {
    expect(look(true, { CI: 'true' })).to.include({ interactive: 'false', colours: 'true' });
    expect(look(false, { CI: 'true' })).to.deep.equal({ interactive: 'false', colours: 'false', columns: '80' });
  });

  it('has no colours when it is dumb, a pipe, or somebody said NO_COLOR', () => {
    expect(look(true, { TERM: 'dumb' })).to.include({ interactive: 'false', colours: 'false' });
    expect(look(false, {})).to.include({ colours: 'false' });
    expect(look(true, { NO_COLOR: '1' })).to.include({ interactive: 'true', colours: 'false' });
    expect(look(true, { NO_COLOR: '1', FORCE_COLOR: '1' })).to.include({ colours: 'false' });
  });

  it('has colours everywhere when FORCE_COLOR asks for them; empty, it asks for nothing', () => {
    expect(look(false, { FORCE_COLOR: '1' })).to.include({ interactive: 'false', colours: 'true' });
    expect(look(false, { FORCE_COLOR: '' })).to.include({ colours: 'false' });
  });
});
