// A MIDI keyboard that the tests plug in, play and pull out.
class FakePort extends EventTarget {
  type = "input";
  state = "connected";
  onmidimessage = null;

  constructor(id, name) {
    super();
    this.id = id;
    this.name = name;
  }
}

class FakeAccess extends EventTarget {
  inputs = new Map([["usb", new FakePort("usb", "Fake USB")]]);
  outputs = new Map();

  changed(port) {
    this.dispatchEvent(Object.assign(new Event("statechange"), { port }));
  }
}

const access = new FakeAccess();

window.fakeMidi = {
  /** Send bytes now, or with the time stamp that they are given. */
  send(bytes, id = "usb", timeStamp = performance.now()) {
    access.inputs.get(id)?.onmidimessage?.({ data: Uint8Array.from(bytes), timeStamp });
  },
  unplug(id) {
    const port = access.inputs.get(id);
    port.state = "disconnected";
    access.inputs.delete(id);
    access.changed(port);
  },
  plug(id, name) {
    const port = new FakePort(id, name);
    access.inputs.set(id, port);
    access.changed(port);
  },
};

Object.defineProperty(navigator, "requestMIDIAccess", {
  configurable: true,
  value: async () => access,
});
