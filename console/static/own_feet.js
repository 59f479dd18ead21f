// The board lives from the feed. Once it stands, the page's own socket is let go: when the server comes back, that would load the
// page anew and lose what somebody is in the middle of.

const LOOK_MS = 100;

export function mount() {
  const look = setInterval(() => {
    if (!window.did_handshake) return;
    clearInterval(look);
    window.socket.off("disconnect");
    window.socket.disconnect();
  }, LOOK_MS);
  return () => clearInterval(look);
}
