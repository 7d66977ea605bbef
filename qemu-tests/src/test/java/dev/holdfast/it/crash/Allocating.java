// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import com.sun.jna.Function;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Path;

/** fallocate(2), which Java does not have. The modes are those of linux/falloc.h. */
final class Allocating {

    static final int GROW = 0;
    static final int KEEP_SIZE = 1;
    static final int PUNCH_HOLE = 2 | KEEP_SIZE;
    static final int COLLAPSE = 8;
    static final int ZERO = 16;
    static final int INSERT = 32;

    private static final int O_RDWR = 2;

    private Allocating() {}

    static void allocate(Path file, int mode, long offset, long length) throws IOException {
        int descriptor = call("open", file.toString(), O_RDWR);
        try {
            call("fallocate", descriptor, mode, offset, length);
        } finally {
            call("close", descriptor);
        }
    }

    private static int call(String function, Object... arguments) throws IOException {
        int result = Function.getFunction("c", function, 0, "UTF-8").invokeInt(arguments);
        if (result < 0) {
            throw new IOException(function + ": errno " + Native.getLastError());
        }
        return result;
    }
}
