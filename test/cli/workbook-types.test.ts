import { execFile } from 'node:child_process';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runProgram, temporaryFolder } from './pty.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workbook: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  workbook = join(folder.path, 'my wörkbook');
  await runProgram(['init', workbook], { cwd: folder.path, state: join(folder.path, '.state') });
});

afterAll(() => folder.remove());

/** The errors that an editor would underline, by the compiler that ships with the course's own tools; nothing is downloaded. */
async function underlined(): Promise<string> {
  const tsc = resolve('node_modules', 'typescript', 'bin', 'tsc');
  return promisify(execFile)(process.execPath, [tsc, '--noEmit', '--pretty', 'false'], { cwd: workbook, maxBuffer: 64 * 1024 * 1024 }).then(
    () => '',
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );
}

const exercises = readdirSync(resolve('exercises')).filter((name) => /^\d\d-/.test(name));

describe('an editor in a fresh workbook, offline', () => {
  it('underlines nothing in any starter', async () => {
    for (const exercise of exercises) cpSync(resolve('exercises', exercise, 'starter'), join(workbook, exercise), { recursive: true });
    expect(await underlined()).toBe('');
  });

  it('underlines nothing in any solution', async () => {
    for (const exercise of exercises) cpSync(resolve('solutions', exercise), join(workbook, exercise), { recursive: true });
    expect(await underlined()).toBe('');
  });

  it('knows the types of all packages, and says where one is wrong', async () => {
    writeFileSync(join(workbook, 'mistake.ts'), [
      "import { MongoClient } from 'mongodb';", "import { Schema } from 'mongoose';", "import express from 'express';", "import { z } from 'zod';", "import 'dotenv/config';", "import 'reflect-metadata';",
      "import { Entity } from 'typeorm';", 'export const all = [MongoClient, Schema, express, z, Entity];', 'const wrong: number = new MongoClient("mongodb://x").db("y").databaseName;', 'export { wrong };', '',
    ].join('\n'));
    const errors = await underlined();
    rmSync(join(workbook, 'mistake.ts'));
    expect(errors).toMatch(/^mistake\.ts\(9,7\): error TS2322/);
    expect(errors.trim().split('\n')).toHaveLength(1);
  });
});
