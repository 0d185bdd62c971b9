// A name server on this machine, with the TXT records that it is told.
import { createSocket } from "node:dgram";

export class NameServer {
  static async start() {
    const server = new NameServer();
    server.records = new Map();
    server.socket = createSocket("udp4", (query, from) => {
      const labels = [];
      let at = 12;
      while (query[at] !== 0) {
        labels.push(query.subarray(at + 1, at + 1 + query[at]).toString());
        at += query[at] + 1;
      }
      const text = server.records.get(labels.join("."));
      const answer = text ? Buffer.concat([
        Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 1, 0, text.length + 1, text.length]), Buffer.from(text),
      ]) : Buffer.alloc(0);
      const header = Buffer.from([query[0], query[1], 0x81, text ? 0x80 : 0x83, 0, 1, 0, text ? 1 : 0, 0, 0, 0, 0]);
      server.socket.send(Buffer.concat([header, query.subarray(12, at + 5), answer]), from.port, from.address);
    });
    await new Promise((resolve) => { server.socket.bind(0, "127.0.0.1", resolve); });
    server.address = `127.0.0.1:${server.socket.address().port}`;
    return server;
  }

  stop() { this.socket.close(); }
}
