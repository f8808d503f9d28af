/** Operations in the order of their paths, and tokens that a reload forgets. */
SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  operationsSorter: 'alpha',
  persistAuthorization: false,
  tryItOutEnabled: true,
});
