// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.abi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Regions that are none: what the kernel refuses on any machine. */
final class RegionTest {
    private static final PhysicalRange RANGE = PhysicalRange.parse("1G$4G");

    @Test
    void opensNoDirectoryThatLiesOnNoRegion(@TempDir Path directory) throws IOException {
        assertThatThrownBy(() -> Region.open(directory))
                .isInstanceOf(NotARegionException.class)
                .hasMessage("cannot open region " + directory + ": no region is mounted there"
                        + " (ioctl(HOLDFAST_IOC_REGION_INFO): ENOTTY); mount the region first");
        assertThat(directory).isEmptyDirectory();
        assertThat(ThisProcess.openFilesBelow(directory)).isEmpty();
    }

    @Test
    void opensNoDirectoryThatDoesNotExist(@TempDir Path directory) {
        assertThatThrownBy(() -> Region.open(directory.resolve("none"))).isInstanceOf(NotFoundException.class);
    }

    @Test
    void opensNoFile(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> Region.open(file))
                .isInstanceOfSatisfying(
                        NotFoundException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOTDIR));
    }

    @Test
    void mountsNothingWithoutTheModule(@TempDir Path directory) throws IOException {
        assertThat(Files.readString(Path.of("/proc/filesystems"))).doesNotContain("holdfast");

        assertThatThrownBy(() -> Region.mount(RANGE, directory))
                .isInstanceOf(ThisProcess.mayMount() ? ModuleNotLoadedException.class : PermissionException.class)
                .hasMessageStartingWith("cannot mount region 1G$0x100000000 on " + directory + ": ")
                .hasMessageContaining(ThisProcess.mayMount() ? "(mount: ENODEV)" : "(mount: EPERM)");
    }

    @Test
    void inspectsAndFormatsNothingWithoutTheModule(@TempDir Path directory) {
        ControlDevice missing = new ControlDevice(directory.resolve("holdfast"));

        assertThatThrownBy(() -> missing.inspect(RANGE.base()))
                .isInstanceOf(ModuleNotLoadedException.class)
                .hasMessage("cannot inspect region at 0x100000000: the module is not loaded (openat: ENOENT);"
                        + " build holdfast.ko for this kernel and load it");
        assertThatThrownBy(() -> missing.format(RANGE, FormatOptions.defaults()))
                .isInstanceOf(ModuleNotLoadedException.class);
    }

    @Test
    void saysThatTheDeviceIsAnother(@TempDir Path directory) throws IOException {
        ControlDevice other = new ControlDevice(Files.createFile(directory.resolve("holdfast")));

        assertThatThrownBy(() -> other.format(RANGE, FormatOptions.defaults()))
                .isInstanceOfSatisfying(UnsupportedSystemException.class, e -> {
                    assertThat(e.errno()).isEqualTo(Errno.ENOTTY);
                    assertThat(e.object()).isEqualTo(RANGE.toString());
                });
        assertThat(ThisProcess.openFilesBelow(directory)).isEmpty();
    }

    @Test
    void listsWhatIsThereInOrder(@TempDir Path directory) throws IOException {
        try (Region region = Region.onDirectory(directory)) {
            for (String name : new String[] {"b", "a", "C", ".hidden"}) {
                Files.createFile(directory.resolve("guest-memory").resolve(name));
            }
            assertThat(region.guestMemories()).containsExactly("C", "a", "b");
            Files.createDirectory(directory.resolve("state/directory"));
            assertThat(region.states()).isEmpty();
        }
    }

    @Test
    void showsNothingWhereTheFoldersAreMissing(@TempDir Path directory) throws IOException {
        try (Region region = Region.onDirectory(directory)) {
            Files.delete(directory.resolve("state"));
            assertThat(region.states()).isEmpty();
        }
    }

    @Test
    void letsNobodyElseIntoItsFolders(@TempDir Path directory) throws IOException {
        Region.onDirectory(directory).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("state"))))
                .isEqualTo("rwx------");
    }

    @Test
    void isNoUseAfterCloseAndClosesTwice(@TempDir Path directory) throws IOException {
        Region region = Region.onDirectory(directory);
        StateFile state = region.state("vm");
        region.close();
        region.close();

        assertThatThrownBy(() -> state.replace(new byte[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the region is closed");
        assertThatThrownBy(region::guestMemories).isInstanceOf(IllegalStateException.class);
        assertThat(directory.resolve("state")).isEmptyDirectory();
    }

    @Test
    void meansTheSameDirectoryWhateverComesInItsPlace(@TempDir Path directory) throws IOException {
        Path place = Files.createDirectory(directory.resolve("mnt"));
        try (Region region = Region.onDirectory(place)) {
            Files.move(place, directory.resolve("moved"));
            Files.createDirectory(place);
            region.state("vm").replace(new byte[1]);
        }

        assertThat(directory.resolve("moved/state/vm")).exists();
        assertThat(place).isEmptyDirectory();
    }
}
