export class Problem extends Error {
  constructor(readonly status: number, readonly body: object, readonly headers: Record<string, string> = {}) {
    super(JSON.stringify(body));
  }
}

export class BadRequest extends Problem {
  constructor(body: object) {
    super(400, body);
  }
}
