// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

/**
 * An ioctl.
 *
 * @param name name in the schema
 * @param magic first byte of the request, shared by all ioctls of the module
 * @param number second byte of the request
 * @param direction which way the struct goes
 * @param struct what the argument points to
 * @param doc what it does
 */
public record Ioctl(String name, int magic, int number, Direction direction, Struct struct, String doc) {

    /** Largest struct whose size fits into a request, in bytes. */
    static final int MAX_STRUCT_SIZE = (1 << 14) - 1;

    /** The request number, as asm-generic's {@code _IOC()} makes it. */
    public long request() {
        return (long) direction.bits() << 30 | (long) struct.size() << 16 | (long) magic << 8 | number;
    }

    /** Which way the argument of an ioctl goes, as user space sees it. */
    public enum Direction {
        WRITE("_IOW", 1),
        READ("_IOR", 2),
        READ_WRITE("_IOWR", 3);

        private final String macro;
        private final int bits;

        Direction(String macro, int bits) {
            this.macro = macro;
            this.bits = bits;
        }

        /** The macro of linux/ioctl.h. */
        public String macro() {
            return macro;
        }

        /** The two highest bits of a request. */
        public int bits() {
            return bits;
        }
    }
}
