/**
 * Lets timers, sockets and the screen have their turn in the middle of long work; `setTimeout` would cost four
 * milliseconds in browsers and one in Node.
 */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
