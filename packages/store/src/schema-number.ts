/** The schema that this version writes. */
export const schemaNumber = 1;
