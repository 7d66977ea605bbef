// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.jna.Function;
import com.sun.jna.Native;
import java.io.IOException;
import java.util.Arrays;

/** Calls that Java does not have, by the names of their functions in libc. */
final class Libc {

    static final int AT_FDCWD = -100;
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;

    private Libc() {}

    /** What the function returns, or the negative errno. Lengths and offsets are {@link Long}s, pointers {@link com.sun.jna.Pointer}s. */
    static long tell(String function, Object... arguments) {
        long result = Function.getFunction("c", function).invokeLong(arguments);
        return isFailure(result) ? -Native.getLastError() : result;
    }

    /** What the function returns, where that is not negative. */
    static int call(String function, Object... arguments) throws IOException {
        long result = tell(function, arguments);
        if (result < 0) {
            throw new IOException(function + Arrays.toString(arguments) + ": errno " + -result);
        }
        return (int) result;
    }

    /** Some return a long, some an int, of which the upper half of the register says nothing. */
    private static boolean isFailure(long result) {
        return result == -1 || (int) result == -1;
    }
}
