// The version of this package. It is written here, not read from package.json, because programs that use the SDK are often bundled into one file;
// packages/sdk/test/version.test.ts compares the two.

export const VERSION: string = '0.1.0'
