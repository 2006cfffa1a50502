require("http").createServer((q, a) => a.end("served")).listen(8080);
