export const sayHello = async (): Promise<string> => {
  console.log('\u001b[2J\u001b[31mPASSED\u001b[0m\u001b]0;owned\u0007 </pre><script>alert(1)</script><img src=x onerror=alert(1)>');
  throw new Error('</td></tr><script>alert(2)</script>\u202e\n::set-output name=score::100\n::error::forged');
};
