// Eight attributes, as a span of this number has them.
export const attributesOf = i => ({
  'spanbook.level': 'skill',
  'spanbook.name': 'index-files',
  'session.id': '00000000-0000-4000-8000-000000000001',
  'app.region': 'eu-west-1',
  'app.batch': i,
  'app.ok': true,
  'app.file': 'src/main.ts',
  'app.size_bytes': 12_345,
});
