// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.guest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What little of the ACPI Machine Language it takes to say which devices there are: ACPI Specification 6.5, chapters 20 (AML) and 6.4
 * (resources).
 */
final class Aml {
    private static final int NAME_OP = 0x08;
    private static final int BYTE_PREFIX = 0x0a;
    private static final int DWORD_PREFIX = 0x0c;
    private static final int STRING_PREFIX = 0x0d;
    private static final int SCOPE_OP = 0x10;
    private static final int BUFFER_OP = 0x11;
    private static final int EXTENDED = 0x5b;
    private static final int DEVICE_OP = 0x82;

    private static final int EISA_LETTER_BITS = 5;
    private static final int LETTERS = 3;

    private Aml() {}

    /** Things in a scope, which is of the root: {@code _SB_}. */
    static byte[] scope(String name, byte[]... content) {
        return join(bytes(SCOPE_OP), packaged(join(ascii("\\" + name), join(content))));
    }

    /** A device with its objects. */
    static byte[] device(String name, byte[]... content) {
        return join(bytes(EXTENDED, DEVICE_OP), packaged(join(ascii(name), join(content))));
    }

    /** An object with a name of four letters. */
    static byte[] name(String name, byte[] object) {
        return join(bytes(NAME_OP), ascii(name), object);
    }

    /** A number of 8 bits. */
    static byte[] number(int value) {
        return bytes(BYTE_PREFIX, value);
    }

    static byte[] string(String text) {
        return join(bytes(STRING_PREFIX), ascii(text), bytes(0));
    }

    /** An identifier of Plug and Play: three letters, compressed to 5 bits each, and four hexadecimal digits; big-endian. */
    static byte[] eisa(String id) {
        int packed = 0;
        for (char letter : id.substring(0, LETTERS).toCharArray()) {
            packed = packed << EISA_LETTER_BITS | letter - '@';
        }
        int value = packed << Short.SIZE | Integer.parseInt(id.substring(LETTERS), 16);
        return join(bytes(DWORD_PREFIX), little(Integer.BYTES, Integer.reverseBytes(value)));
    }

    /** What a device takes of the machine. */
    static byte[] resources(byte[]... descriptors) {
        byte[] template = join(join(descriptors), bytes(0x79, 0));
        return join(bytes(BUFFER_OP), packaged(join(number(template.length), template)));
    }

    /** Ports. */
    static byte[] ports(int first, int count) {
        return join(bytes(0x47, 1), little(Short.BYTES, first), little(Short.BYTES, first), bytes(1, count));
    }

    /** Memory below 4 GiB that can be written. */
    static byte[] memory(long first, int size) {
        return join(bytes(0x86, 9, 0, 1), little(Integer.BYTES, first), little(Integer.BYTES, size));
    }

    /** An interrupt line that is its own, and that counts when it goes up. */
    static byte[] interrupt(int line) {
        return join(bytes(0x89, 6, 0, 3, 1), little(Integer.BYTES, line));
    }

    /** With the length before it, its own included: up to 63 in one byte, up to 4095 in two. */
    private static byte[] packaged(byte[] content) {
        int one = content.length + 1;
        int two = content.length + 2;
        byte[] length = one < 64 ? bytes(one) : bytes(0x40 | two & 0xf, two >> 4);
        return join(length, content);
    }

    private static byte[] little(int size, long value) {
        ByteBuffer all =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
        return Arrays.copyOf(all.array(), size);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int index = 0; index < values.length; index++) {
            bytes[index] = (byte) values[index];
        }
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
