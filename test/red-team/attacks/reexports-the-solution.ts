export * from '../../../solutions/00-hello/hello';
