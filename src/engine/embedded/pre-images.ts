import { readArguments, required, strictBool } from './arguments.ts';
import type { Doc } from './bson/value.ts';

/** `changeStreamPreAndPostImages`: whether changes are remembered with the documents before them. */
export function readImages(argument: Doc | undefined): boolean {
  return argument !== undefined && readArguments('changeStreamPreAndPostImages', argument, { enabled: required(strictBool) }).enabled;
}
