// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import dev.holdfast.examples.kvm.Access;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Queue;

/** A serial port of a PC, a 16550A. What the guest sends is written at once, at whatever speed it chose. */
final class Serial implements Device {
    static final int FIRST_PORT = 0x3f8;
    static final int PORTS = 8;
    static final int INTERRUPT = 4;

    private static final int DATA = 0;
    private static final int INTERRUPT_ENABLE = 1;
    private static final int INTERRUPT_IDENTITY = 2;
    private static final int LINE_CONTROL = 3;
    private static final int MODEM_CONTROL = 4;
    private static final int LINE_STATUS = 5;
    private static final int MODEM_STATUS = 6;

    private static final int WANTS_RECEIVED = 1;
    private static final int WANTS_SENT = 2;
    private static final int ENABLE_BITS = 0xf;
    private static final int RECEIVED = 4;
    private static final int SENT = 2;
    private static final int NOTHING = 1;
    private static final int FIFOS = 0xc0;
    private static final int DIVISOR = 0x80;
    private static final int LOOP = 0x10;
    private static final int NOTHING_WAITS = 0x60;
    private static final int CONNECTED = 0xb0;

    private final OutputStream out;
    private final InterruptLine line;
    private final Queue<Byte> received = new ArrayDeque<>();
    private final int[] registers = new int[PORTS];
    private int divisorLow;
    private int divisorHigh;
    private boolean fifos;
    private boolean sent;
    private boolean high;

    Serial(OutputStream out, InterruptLine line) {
        this.out = out;
        this.line = line;
    }

    @Override
    public synchronized void access(int register, Access access) {
        byte[] bytes = access.isWrite() ? access.data() : new byte[access.length()];
        for (int index = 0; index < bytes.length; index++) {
            if (access.isWrite()) {
                write(register, Byte.toUnsignedInt(bytes[index]));
            } else {
                bytes[index] = (byte) read(register);
            }
        }
        if (!access.isWrite()) {
            access.answer(bytes);
        }
        interrupt();
    }

    private void write(int register, int value) {
        boolean divisor = (registers[LINE_CONTROL] & DIVISOR) != 0;
        switch (register) {
            case DATA -> {
                if (divisor) {
                    divisorLow = value;
                } else {
                    send(value);
                }
            }
            case INTERRUPT_ENABLE -> {
                if (divisor) {
                    divisorHigh = value;
                } else {
                    sent |= (value & ~registers[INTERRUPT_ENABLE] & WANTS_SENT) != 0;
                    registers[INTERRUPT_ENABLE] = value & ENABLE_BITS;
                }
            }
            case INTERRUPT_IDENTITY -> fifos = (value & 1) != 0;
            case LINE_STATUS, MODEM_STATUS -> {
                // Read only.
            }
            default -> registers[register] = value;
        }
    }

    private void send(int value) {
        sent = true;
        if ((registers[MODEM_CONTROL] & LOOP) != 0) {
            received.add((byte) value);
            return;
        }
        try {
            out.write(value);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int read(int register) {
        boolean divisor = (registers[LINE_CONTROL] & DIVISOR) != 0;
        return switch (register) {
            case DATA -> divisor ? divisorLow : next();
            case INTERRUPT_ENABLE -> divisor ? divisorHigh : registers[INTERRUPT_ENABLE];
            case INTERRUPT_IDENTITY -> identity() | (fifos ? FIFOS : 0);
            case LINE_STATUS -> NOTHING_WAITS | (received.isEmpty() ? 0 : 1);
            case MODEM_STATUS -> (registers[MODEM_CONTROL] & LOOP) == 0 ? CONNECTED : looped(registers[MODEM_CONTROL]);
            default -> registers[register];
        };
    }

    private int next() {
        Byte first = received.poll();
        return first == null ? 0 : Byte.toUnsignedInt(first);
    }

    /** That something was sent is told once. */
    private int identity() {
        int pending = pending();
        if (pending == SENT) {
            sent = false;
        }
        return pending;
    }

    private int pending() {
        int wanted = registers[INTERRUPT_ENABLE];
        if ((wanted & WANTS_RECEIVED) != 0 && !received.isEmpty()) {
            return RECEIVED;
        }
        return (wanted & WANTS_SENT) != 0 && sent ? SENT : NOTHING;
    }

    /** In a loop the four outputs are the inputs: DTR is DSR, RTS is CTS, OUT1 is RI, OUT2 is DCD. */
    private static int looped(int control) {
        return (control & 1) << 5 | (control & 2) << 3 | (control & 4) << 4 | (control & 8) << 4;
    }

    private void interrupt() {
        boolean now = pending() != NOTHING;
        if (now != high) {
            high = now;
            line.set(now);
        }
    }

    /** Somebody types. */
    synchronized void receive(byte[] text) {
        for (byte one : text) {
            received.add(one);
        }
        interrupt();
    }

    @Override
    public synchronized void save(DataOutput to) throws IOException {
        for (int register : registers) {
            to.writeByte(register);
        }
        to.writeByte(divisorLow);
        to.writeByte(divisorHigh);
        to.writeBoolean(fifos);
        to.writeBoolean(sent);
        to.writeInt(received.size());
        for (byte one : received) {
            to.writeByte(one);
        }
    }

    /** A line that is up is raised again: the interrupt controllers do not say what they were told last. */
    @Override
    public synchronized void load(DataInput from) throws IOException {
        for (int register = 0; register < PORTS; register++) {
            registers[register] = from.readUnsignedByte();
        }
        divisorLow = from.readUnsignedByte();
        divisorHigh = from.readUnsignedByte();
        fifos = from.readBoolean();
        sent = from.readBoolean();
        for (int count = from.readInt(); count > 0; count--) {
            received.add(from.readByte());
        }
        interrupt();
    }
}
