export { configureApp } from './configure-app.js';
export { HttpModule } from './http.module.js';
export { describeApi } from './openapi.js';
