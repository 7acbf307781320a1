// The one module that imports bson: through the driver's own dependency, so that there is one copy.
export { BSON, ObjectId } from 'bson';
