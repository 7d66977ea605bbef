// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import dev.holdfast.examples.kvm.Access;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * A console of one port, as a virtio device in memory: Virtual I/O Device (VIRTIO) 1.2, sections 4.2.2 and 5.3. The guest reads and
 * writes registers of 32 bits.
 */
final class VirtioConsole implements Device {
    static final long ADDRESS = 0xd0000000L;
    static final int SIZE = 0x200;
    static final int INTERRUPT = 5;

    private static final int MAGIC = 0x74726976;
    private static final int VERSION = 2;
    private static final int CONSOLE = 3;
    private static final int FEATURE_VERSION_1 = 1;
    private static final int USED_A_BUFFER = 1;
    private static final int DRIVER_OK = 4;

    private static final int RECEIVE = 0;
    private static final int TRANSMIT = 1;

    private static final int MAGIC_VALUE = 0x000;
    private static final int VERSION_VALUE = 0x004;
    private static final int DEVICE_ID = 0x008;
    private static final int DEVICE_FEATURES = 0x010;
    private static final int DEVICE_FEATURES_SELECT = 0x014;
    private static final int DRIVER_FEATURES = 0x020;
    private static final int DRIVER_FEATURES_SELECT = 0x024;
    private static final int QUEUE_SELECT = 0x030;
    private static final int QUEUE_SIZE_MOST = 0x034;
    private static final int QUEUE_SIZE = 0x038;
    private static final int QUEUE_READY = 0x044;
    private static final int QUEUE_NOTIFY = 0x050;
    private static final int INTERRUPT_STATUS = 0x060;
    private static final int INTERRUPT_ACKNOWLEDGE = 0x064;
    private static final int STATUS = 0x070;
    private static final int QUEUE_DESCRIPTORS = 0x080;
    private static final int QUEUE_AVAILABLE = 0x090;
    private static final int QUEUE_USED = 0x0a0;
    private static final int HIGH_HALF = 4;

    private final OutputStream out;
    private final InterruptLine line;
    private final List<Virtqueue> queues;
    private final Queue<Byte> typed = new ArrayDeque<>();
    private int deviceFeaturesSelected;
    private int queueSelected;
    private int interrupts;
    private int status;

    VirtioConsole(GuestRam ram, OutputStream out, InterruptLine line) {
        this.out = out;
        this.line = line;
        this.queues = Stream.generate(() -> new Virtqueue(ram)).limit(2).toList();
    }

    @Override
    public synchronized void access(int register, Access access) {
        ByteBuffer value = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (access.isWrite()) {
            write(
                    register,
                    value.put(Arrays.copyOf(access.data(), Integer.BYTES)).getInt(0));
        } else {
            access.answer(Arrays.copyOf(value.putInt(0, read(register)).array(), access.length()));
        }
    }

    private int read(int register) {
        return switch (register) {
            case MAGIC_VALUE -> MAGIC;
            case VERSION_VALUE -> VERSION;
            case DEVICE_ID -> CONSOLE;
            case DEVICE_FEATURES -> deviceFeaturesSelected == 1 ? FEATURE_VERSION_1 : 0;
            case QUEUE_SIZE_MOST -> queueSelected < queues.size() ? Virtqueue.MOST : 0;
            case QUEUE_READY -> queueSelected < queues.size() && queue().ready() ? 1 : 0;
            case INTERRUPT_STATUS -> interrupts;
            case STATUS -> status;
            default -> 0;
        };
    }

    private Virtqueue queue() {
        if (queueSelected < 0 || queueSelected >= queues.size()) {
            throw new MachineException("the guest sets up virtqueue " + queueSelected + " of a console that has 2");
        }
        return queues.get(queueSelected);
    }

    private void write(int register, int value) {
        switch (register) {
            case DEVICE_FEATURES_SELECT -> deviceFeaturesSelected = value;
            case DRIVER_FEATURES, DRIVER_FEATURES_SELECT -> {
                // There is one feature, and a driver that does not take it finds no other.
            }
            case QUEUE_SELECT -> queueSelected = value;
            case QUEUE_SIZE -> queue().resize(value);
            case QUEUE_READY -> queue().ready(value == 1);
            case QUEUE_NOTIFY -> serve();
            case INTERRUPT_ACKNOWLEDGE -> {
                interrupts &= ~value;
                line.set(interrupts != 0);
            }
            case STATUS -> setStatus(value);
            case QUEUE_DESCRIPTORS -> queue().descriptors(low(queue().descriptors(), value));
            case QUEUE_DESCRIPTORS + HIGH_HALF -> queue().descriptors(high(queue().descriptors(), value));
            case QUEUE_AVAILABLE -> queue().available(low(queue().available(), value));
            case QUEUE_AVAILABLE + HIGH_HALF -> queue().available(high(queue().available(), value));
            case QUEUE_USED -> queue().used(low(queue().used(), value));
            case QUEUE_USED + HIGH_HALF -> queue().used(high(queue().used(), value));
            default -> {
                // Nothing else can be written.
            }
        }
    }

    private static long low(long address, int value) {
        return (address & ~0xffffffffL) | Integer.toUnsignedLong(value);
    }

    private static long high(long address, int value) {
        return (address & 0xffffffffL) | ((long) value << Integer.SIZE);
    }

    private void setStatus(int value) {
        status = value;
        if (value == 0) {
            queues.forEach(Virtqueue::reset);
            interrupts = 0;
            line.set(false);
        }
    }

    private void serve() {
        boolean sent = transmit();
        boolean received = deliver();
        if (sent || received) {
            interrupts |= USED_A_BUFFER;
            line.set(true);
        }
    }

    private boolean transmit() {
        boolean told = false;
        Virtqueue queue = queues.get(TRANSMIT);
        for (Virtqueue.Chain chain = queue.take(); chain != null; chain = queue.take()) {
            for (ByteBuffer buffer : chain.buffers()) {
                byte[] text = new byte[buffer.remaining()];
                buffer.get(text);
                say(text);
            }
            told |= queue.giveBack(chain, 0);
        }
        return told;
    }

    private void say(byte[] text) {
        try {
            out.write(text);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean deliver() {
        boolean told = false;
        Virtqueue queue = queues.get(RECEIVE);
        while (!typed.isEmpty()) {
            Virtqueue.Chain chain = queue.take();
            if (chain == null) {
                return told;
            }
            int written = Math.min(chain.writable(), typed.size());
            for (ByteBuffer buffer : chain.buffers()) {
                while (buffer.hasRemaining() && !typed.isEmpty()) {
                    buffer.put(typed.remove());
                }
            }
            told |= queue.giveBack(chain, written);
        }
        return told;
    }

    /** Whether the guest listens. */
    synchronized boolean isReady() {
        return (status & DRIVER_OK) != 0;
    }

    /** Somebody types, while the guest runs. */
    synchronized void receive(byte[] text) {
        for (byte one : text) {
            typed.add(one);
        }
        serve();
    }

    @Override
    public synchronized void save(DataOutput to) throws IOException {
        to.writeInt(deviceFeaturesSelected);
        to.writeInt(queueSelected);
        to.writeInt(interrupts);
        to.writeInt(status);
        for (Virtqueue queue : queues) {
            queue.save(to);
        }
        to.writeInt(typed.size());
        for (byte one : typed) {
            to.writeByte(one);
        }
    }

    /** A line that is up is raised again: the interrupt controllers do not say what they were told last. */
    @Override
    public synchronized void load(DataInput from) throws IOException {
        deviceFeaturesSelected = from.readInt();
        queueSelected = from.readInt();
        interrupts = from.readInt();
        status = from.readInt();
        for (Virtqueue queue : queues) {
            queue.load(from);
        }
        for (int count = from.readInt(); count > 0; count--) {
            typed.add(from.readByte());
        }
        if (interrupts != 0) {
            line.set(true);
        }
    }
}
