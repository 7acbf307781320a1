import { Binary, Decimal128, Int32, Long, ObjectId, Timestamp, UUID, type Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

onEngines('Conversions', (engine) => {
  const value = async (expression: unknown, doc: Document = {}): Promise<unknown> => {
    const coll = engine.freshDb().collection('one');
    await coll.insertOne({ _id: 1, ...doc } as Document);
    const [found] = await coll.aggregate([{ $project: { _id: 0, value: expression } }], { promoteBuffers: false, promoteLongs: false }).toArray();
    return found?.['value'];
  };
  const convert = (input: unknown, to: unknown, more: Document = {}): Promise<unknown> => value({ $convert: { input, to, ...more } });
  const hex = (binary: unknown): string => (binary as Binary).toString('hex');

  test('numbers become bytes and bytes numbers, in either order', async () => {
    expect(hex(await convert(new Int32(258), 'binData'))).toBe('02010000');
    expect(hex(await convert(new Int32(258), 'binData', { byteOrder: 'big' }))).toBe('00000102');
    expect(hex(await convert(Long.fromNumber(-2), { type: 'binData', subtype: 128 }))).toBe('feffffffffffffff');
    expect(await convert(new Binary(Buffer.from('0102', 'hex')), 'int', { byteOrder: 'big' })).toBe(258);
    expect(await convert(new Binary(Buffer.from('000000000000f03f', 'hex')), 'double')).toBe(1);
    await expect(convert(new Binary(Buffer.alloc(3)), 'int')).rejects.toMatchObject({ code: 241 });
  });

  test('text and bytes need a format', async () => {
    expect(hex(await convert('aGk_', 'binData', { format: 'base64url' }))).toBe(Buffer.from('hi?').toString('hex'));
    expect(await convert(new Binary(Buffer.from('hi?')), 'string', { format: 'base64' })).toBe('aGk/');
    expect(await convert(new Binary(Buffer.from([0xab, 1])), 'string', { format: 'hex' })).toBe('AB01');
    await expect(convert('x', 'binData')).rejects.toMatchObject({ code: 4341115 });
    await expect(convert(new Binary(Buffer.from([0x80])), 'string', { format: 'utf8' })).rejects.toMatchObject({ code: 241 });
    await expect(convert('x', 'binData', { format: 'rot13' })).rejects.toMatchObject({ code: 4341125 });
    await expect(convert(1, 'binData', { byteOrder: 'middle' })).rejects.toMatchObject({ code: 9130002 });
  });

  test('a UUID goes to text and back', async () => {
    const text = '0189f7ba-3c5e-7d6a-9f00-0123456789ab';
    expect(await value({ $toString: '$u' }, { u: new UUID(text) })).toBe(text);
    expect(await value({ $toUUID: text })).toEqual(new UUID(text));
    await expect(value({ $toUUID: text.replaceAll('-', '') })).rejects.toMatchObject({ code: 241 });
  });

  test('a type is named or numbered, and one that nothing becomes is refused', async () => {
    expect(await convert('7', 16)).toBe(7);
    expect(await convert('7', { type: 'int' })).toBe(7);
    await expect(convert('7', 'integer')).rejects.toMatchObject({ code: 2 });
    await expect(convert('7', true)).rejects.toMatchObject({ code: 9 });
    await expect(convert('7', 'regex')).rejects.toMatchObject({ code: 241 });
    expect(await convert('7', 'regex', { onError: 'no' })).toBe('no');
    await expect(convert(1, { type: 'binData', subtype: 100 })).rejects.toMatchObject({ code: 4341107 });
  });

  test('null is null whatever else is asked for', async () => {
    expect(await convert(null, 'int', { format: 'none', byteOrder: 5 })).toBeNull();
    expect(await convert(null, 'int', { onNull: 'nothing' })).toBe('nothing');
  });

  test('text is a number only where all of it is', async () => {
    expect(await value({ $toDouble: '+0x1.8p1' })).toBe(3);
    expect(await value({ $toDouble: '-inf' })).toBe(-Infinity);
    for (const text of ['0x10', '1e999', '1e-999', ' 1', '']) await expect(value({ $toDouble: text })).rejects.toMatchObject({ code: 241 });
    await expect(value({ $toDecimal: '1e9999' })).rejects.toMatchObject({ code: 241 });
    await expect(value({ $toDouble: Decimal128.fromString('1e400') })).rejects.toMatchObject({ code: 241 });
    await expect(value({ $toInt: [1, 2] })).rejects.toMatchObject({ code: 50723 });
  });

  test('dates are in timestamps and in object ids', async () => {
    expect(await value({ $toDate: '$t' }, { t: new Timestamp({ t: 86_400, i: 1 }) })).toEqual(new Date(86_400_000));
    expect(await value({ $toDate: new ObjectId('ffffffff0000000000000000') })).toEqual(new Date(-1000));
    await expect(value({ $toDate: new Int32(5) })).rejects.toMatchObject({ code: 241 });
  });
});
