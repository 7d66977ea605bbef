// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.abi.Errno;
import dev.holdfast.abi.ErrorMeaning;
import dev.holdfast.internal.jna.ErrnoException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ErrorTableTest {
    private static HoldfastException exception(ErrorTable table, Errno errno) {
        return table.exception("do", "it", new ErrnoException("call", errno.number()));
    }

    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of(ErrorTable.CONTROL, Errno.EADDRNOTAVAIL, NotReservedException.class),
                Arguments.of(ErrorTable.CONTROL, Errno.ENXIO, NotMemoryException.class),
                Arguments.of(ErrorTable.CONTROL, Errno.EBUSY, BusyException.class),
                Arguments.of(ErrorTable.CONTROL, Errno.EINVAL, BadGeometryException.class),
                Arguments.of(ErrorTable.CONTROL, Errno.EMEDIUMTYPE, NotFormattedException.class),
                Arguments.of(ErrorTable.CONTROL, Errno.EUCLEAN, DamagedException.class),
                Arguments.of(ErrorTable.CONTROL, Errno.EOPNOTSUPP, UnknownFeatureException.class),
                Arguments.of(ErrorTable.CONTROL, Errno.EPROTONOSUPPORT, FutureVersionException.class),
                Arguments.of(ErrorTable.CONTROL, Errno.EEXIST, AlreadyExistsException.class),
                Arguments.of(ErrorTable.CONTROL, Errno.ENOENT, ModuleNotLoadedException.class),
                Arguments.of(ErrorTable.CONTROL, Errno.EPERM, PermissionException.class),
                Arguments.of(ErrorTable.MOUNT, Errno.ENODEV, ModuleNotLoadedException.class),
                Arguments.of(ErrorTable.MOUNT, Errno.ENOENT, NotFoundException.class),
                Arguments.of(ErrorTable.MOUNT, Errno.EMEDIUMTYPE, NotFormattedException.class),
                Arguments.of(ErrorTable.UNMOUNT, Errno.EBUSY, BusyException.class),
                Arguments.of(ErrorTable.UNMOUNT, Errno.EINVAL, NotARegionException.class),
                Arguments.of(ErrorTable.FILE, Errno.ENOSPC, NoSpaceException.class),
                Arguments.of(ErrorTable.FILE, Errno.EFBIG, TooFragmentedException.class),
                Arguments.of(ErrorTable.FILE, Errno.EROFS, ReadOnlyException.class),
                Arguments.of(ErrorTable.FILE, Errno.EACCES, PermissionException.class),
                Arguments.of(ErrorTable.FILE, Errno.EUCLEAN, DamagedException.class),
                Arguments.of(ErrorTable.FILE, Errno.EBUSY, HoldfastException.class),
                Arguments.of(ErrorTable.FILE, Errno.EINVAL, HoldfastException.class),
                Arguments.of(ErrorTable.UNMOUNT, Errno.EUCLEAN, HoldfastException.class),
                Arguments.of(ErrorTable.KEXEC, Errno.ENOEXEC, InvalidKernelException.class),
                Arguments.of(ErrorTable.KEXEC, Errno.EPERM, PermissionException.class),
                Arguments.of(ErrorTable.KEXEC, Errno.EKEYREJECTED, KernelSignatureException.class),
                Arguments.of(ErrorTable.KEXEC, Errno.EBUSY, BusyException.class),
                Arguments.of(ErrorTable.KEXEC, Errno.ENOSYS, UnsupportedSystemException.class),
                Arguments.of(ErrorTable.KEXEC, Errno.EADDRNOTAVAIL, HoldfastException.class),
                Arguments.of(ErrorTable.KEXEC_CRASH, Errno.EADDRNOTAVAIL, NoCrashMemoryException.class),
                Arguments.of(ErrorTable.KEXEC_CRASH, Errno.ENOEXEC, InvalidKernelException.class),
                Arguments.of(ErrorTable.KEXEC_JUMP, Errno.EINVAL, NoKernelLoadedException.class));
    }

    @ParameterizedTest
    @MethodSource("types")
    void theSameNumberMeansWhatTheCallMeansByIt(
            ErrorTable table, Errno errno, Class<? extends HoldfastException> type) {
        assertThat(exception(table, errno)).isExactlyInstanceOf(type);
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatTheSchemaSays(ErrorMeaning meaning) {
        HoldfastException exception = exception(ErrorTable.CONTROL, meaning.errno());

        assertThat(exception.hint()).isEqualTo(meaning.hint());
        assertThat(exception.errno()).isEqualTo(meaning.errno());
        assertThat(exception.getClass()).isNotEqualTo(HoldfastException.class);
        assertThat(exception.getMessage())
                .containsIgnoringCase(meaning.doc().substring(0, meaning.doc().length() - 1))
                .hasLineCount(1);
    }

    @Test
    void saysWhatOnWhatWhyAndWhatToDo() {
        ErrnoException failed = new ErrnoException("ioctl(HOLDFAST_IOC_FORMAT)", Errno.EEXIST.number());

        HoldfastException exception = ErrorTable.CONTROL.exception("format region", "1G$0x100000000", failed);

        assertThat(exception)
                .hasMessage("cannot format region 1G$0x100000000: the range holds a region already, also one whose"
                        + " superblocks are damaged, or belongs to one (ioctl(HOLDFAST_IOC_FORMAT): EEXIST);"
                        + " pass the overwrite flag if everything in it may be lost");
        assertThat(exception.call()).isEqualTo("ioctl(HOLDFAST_IOC_FORMAT)");
        assertThat(exception.object()).isEqualTo("1G$0x100000000");
        assertThat(exception.errno()).isEqualTo(Errno.EEXIST);
    }

    @Test
    void showsANumberThatNobodyExpects() {
        assertThat(ErrorTable.FILE.exception("do", "it", new ErrnoException("call", 524)))
                .isExactlyInstanceOf(HoldfastException.class)
                .hasMessage("cannot do it: the kernel gave errno 524 (call: EIO); see the kernel log");
    }

    @Test
    void showsANumberThatHasNoMeaningHere() {
        HoldfastException exception = exception(ErrorTable.FILE, Errno.EXDEV);

        assertThat(exception.errno()).isEqualTo(Errno.EXDEV);
        assertThat(exception).hasMessageContaining("the kernel gave errno 18 (call: EXDEV)");
    }
}
