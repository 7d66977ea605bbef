// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A file that a kernel is booted from, to be read: what fails becomes an exception that says so.
 *
 * @param action what is tried, such as {@code read module}
 * @param path on what
 * @param method the method that was called
 * @param invalid the exception for a file with the wrong content
 * @param hint what to do then
 */
record BootFile(String action, Path path, String method, Function<Failure, HoldfastException> invalid, String hint) {
    /** Something that reads. */
    interface Reading<T> {
        T run() throws IOException;
    }

    <T> T read(Reading<T> reading) {
        try {
            return reading.run();
        } catch (NoSuchFileException e) {
            throw new NotFoundException(failure(Errno.ENOENT, "it does not exist", "check the name"));
        } catch (AccessDeniedException e) {
            throw new PermissionException(failure(Errno.EACCES, "it may not be read", "run as root"));
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw invalid.apply(failure(Errno.ENOEXEC, why, hint));
        }
    }

    private Failure failure(Errno errno, String meaning, String remedy) {
        return new Failure(action, path.toString(), method, errno, meaning, remedy);
    }
}
