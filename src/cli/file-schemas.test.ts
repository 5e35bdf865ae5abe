import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';
import { fileSchemas, schemaComment, schemaDirectory } from './file-schemas.js';

describe('schemas of files', () => {
  for (const [name, text] of fileSchemas())
    it(`${name} is committed as the code has it (robe schema --write renews it)`, () =>
      expect(readFileSync(join(schemaDirectory, name), 'utf8')).to.equal(text));

  it('are found by an editor from wherever the file is', () => {
    const comment = schemaComment('iut', '/tmp/far/away/iut.yaml');
    const path = comment.replace('# yaml-language-server: $schema=', '');
    expect(resolve(dirname('/tmp/far/away/iut.yaml'), path)).to.equal(join(schemaDirectory, 'iut.schema.json'));
  });
});
