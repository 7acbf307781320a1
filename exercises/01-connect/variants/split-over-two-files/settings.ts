import { config } from 'dotenv';

// Atlas: mongodb+srv://<user>:<password>@<cluster>.mongodb.net/
export const loadSettings = (): void => void config({ quiet: true });

export function setting(name: string, fallback: string): string {
  return process.env[name]?.trim() || fallback;
}

export const atlas = (user: string, password: string): string => `mongodb+srv://${user}:${encodeURIComponent(password)}@cluster0.example.mongodb.net/`;
