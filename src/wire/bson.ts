// The one module that imports bson: through the driver's own dependency, so that there is one copy.
export { BSON, ObjectId, Long, Double, Int32, Decimal128, Binary, Timestamp, MinKey, MaxKey, BSONRegExp, Code, UUID } from 'bson';
