export { sayHello } from '../../honest/00-hello/hello.ts';
