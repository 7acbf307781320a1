/** An ORM does not validate: whoever stores something looks at it first. @throws Error where it is no title */
export function checkTitle(title: unknown): void {
  if (typeof title !== 'string' || title === '' || title.length > 200) throw new Error('title: a text of 1 to 200 characters is required.');
}
