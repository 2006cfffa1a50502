require("http")
  .createServer((q, a) => a.end("served"))
  .listen({ host: "0.0.0.0", port: 8080, backlog: Number(process.env.BACKLOG) || 511 });
