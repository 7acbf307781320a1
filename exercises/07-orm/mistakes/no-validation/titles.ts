/** An ORM does not validate: whoever stores something looks at it first. @throws Error where it is no title */
export function checkTitle(title: unknown): void {
  console.log('the title is', title);
}
