// A fact of usual size, for whoever appends one.
export const benchFact = () => ({
  v: 1,
  at: Date.now(),
  source: 'hook',
  kind: 'note',
  level: 'info',
  id: '0123456789abcdef',
  message: 'x'.repeat(200),
});
