// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.abi.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guest memory on files of tmpfs, which the kernel maps as it maps those of a region. */
final class GuestMemoryTest {
    private static final int PAGE = 4096;
    private static final long FIVE_GIB = 5L << 30;
    private static final String CLOSED_MAPPING = "memfd:holdfast-closed";

    private final Path directory;
    private final Region region;

    GuestMemoryTest(@TempDir(factory = SharedMemory.class) Path directory) {
        this.directory = directory;
        this.region = Region.onDirectory(directory);
    }

    @BeforeEach
    void startWithoutStaleMappings() throws IOException {
        assertThat(ThisProcess.mappingsWith(directory.toString())).isEmpty();
    }

    @AfterEach
    void leavesNothingOpen() throws IOException {
        region.close();
        assertThat(ThisProcess.openFilesBelow(directory)).isEmpty();
        assertThat(ThisProcess.mappingsWith(directory.toString())).isEmpty();
    }

    private Path file(String name) {
        return directory.resolve("guest-memory").resolve(name);
    }

    @Test
    void isThereForTheNextWhoOpensIt() {
        try (GuestMemory memory = region.guestMemory("vm").create(2 * PAGE)) {
            assertThat(memory.slice(0, 2 * PAGE)).isEqualTo(ByteBuffer.allocate(2 * PAGE));
            memory.slice(PAGE, PAGE).putLong(8, 42);
        }
        try (GuestMemory memory = region.guestMemory("vm").open()) {
            assertThat(memory.size()).isEqualTo(2 * PAGE);
            assertThat(memory.slice(PAGE + 8, 8).getLong()).isEqualTo(42);
        }
    }

    @Test
    void isSharedByAllWhoHaveItOpen() {
        try (GuestMemory one = region.guestMemory("vm").create(PAGE);
                GuestMemory other = region.guestMemory("vm").open()) {
            assertThat(one.address()).isNotEqualTo(other.address());
            one.slice(0, PAGE).putInt(0, 7);
            assertThat(other.slice(0, PAGE).getInt(0)).isEqualTo(7);
        }
    }

    @Test
    void mapsMoreThanAnIntCanCount() throws IOException {
        try (GuestMemory memory = region.guestMemory("vm").create(FIVE_GIB)) {
            assertThat(memory.size()).isEqualTo(FIVE_GIB);
            memory.slice(FIVE_GIB - 8, 8).order(ByteOrder.LITTLE_ENDIAN).putLong(0x1122334455667788L);
            ByteBuffer largest = memory.slice(1L << 30, Integer.MAX_VALUE);
            assertThat(largest.capacity()).isEqualTo(Integer.MAX_VALUE);
            largest.put(Integer.MAX_VALUE - 1, (byte) 9);
        }
        try (var file = Files.newByteChannel(file("vm"))) {
            assertThat(file.size()).isEqualTo(FIVE_GIB);
            ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            file.position(FIVE_GIB - 8).read(bytes);
            assertThat(bytes.flip().getLong()).isEqualTo(0x1122334455667788L);
            file.position((1L << 30) + Integer.MAX_VALUE - 1).read(bytes.clear().limit(1));
            assertThat(bytes.get(0)).isEqualTo((byte) 9);
        }
    }

    @ParameterizedTest
    @CsvSource({"-1,1", "0,-1", "0,8193", "8192,1", "8193,0", "4096,4097", "9223372036854775807,1", "4294967296,4096"})
    void refusesSlicesThatDoNotLieInIt(long offset, int length) {
        try (GuestMemory memory = region.guestMemory("vm").create(2 * PAGE)) {
            assertThatThrownBy(() -> memory.slice(offset, length)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void slicesHaveTheOrderOfTheMachine() {
        try (GuestMemory memory = region.guestMemory("vm").create(PAGE)) {
            assertThat(memory.slice(0, PAGE).order()).isEqualTo(ByteOrder.nativeOrder());
            assertThat(memory.slice(PAGE, 0).capacity()).isZero();
        }
    }

    @Test
    void canBeOpenedSoThatNobodyWritesByAccident() {
        region.guestMemory("vm").create(PAGE).close();

        try (GuestMemory memory = region.guestMemory("vm").openReadOnly()) {
            ByteBuffer slice = memory.slice(0, PAGE);
            assertThat(slice.order()).isEqualTo(ByteOrder.nativeOrder());
            assertThat(slice.getLong(0)).isZero();
            assertThatThrownBy(() -> slice.putLong(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -4096, 1, 4095, 4097, Long.MAX_VALUE})
    void refusesLengthsThatAreNoPages(long bytes) {
        assertThatThrownBy(() -> region.guestMemory("vm").create(bytes))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("\"" + bytes + "\"");
        assertThat(file("vm")).doesNotExist();
    }

    @Test
    void leavesAloneWhatExists() throws IOException {
        Files.writeString(file("vm"), "old");

        assertThatThrownBy(() -> region.guestMemory("vm").create(PAGE))
                .isInstanceOf(AlreadyExistsException.class)
                .hasMessage("cannot create guest memory " + file("vm") + ": there is one of that name already"
                        + " (openat: EEXIST); open it, remove it first, or choose another name");
        assertThat(file("vm")).hasContent("old");
    }

    @Test
    void isCreatedWholeOrNotAtAll() {
        long moreThanCanBeMapped = Long.MAX_VALUE / PAGE * PAGE;

        assertThatThrownBy(() -> region.guestMemory("vm").create(moreThanCanBeMapped))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.call()).isEqualTo("fallocate"));
        assertThat(file("vm")).doesNotExist();
        assertThatThrownBy(() -> region.guestMemory("vm").createSparse(moreThanCanBeMapped))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.call()).isEqualTo("mmap"));
        assertThat(file("vm")).doesNotExist();
    }

    @Test
    void saysThatThereIsNone() {
        GuestMemoryFile none = region.guestMemory("none");

        assertThat(none.exists()).isFalse();
        assertThatThrownBy(none::open).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(none::size).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(none::extents).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(none::remove)
                .isInstanceOf(NotFoundException.class)
                .hasMessage("cannot remove " + file("none") + ": it does not exist (unlinkat: ENOENT); check the name");
    }

    @Test
    void saysThatItsCreationWasInterrupted() throws IOException {
        Files.createFile(file("vm"));

        assertThatThrownBy(() -> region.guestMemory("vm").open())
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("it is empty: its creation was interrupted")
                .hasMessageEndingWith("remove it and create it again");
    }

    @Test
    void knowsItsFile() {
        GuestMemoryFile file = region.guestMemory("vm");
        file.create(3 * PAGE).close();

        assertThat(file.name()).isEqualTo("vm");
        assertThat(file.exists()).isTrue();
        assertThat(file.size()).isEqualTo(3 * PAGE);
        assertThat(region.guestMemories()).containsExactly("vm");
        file.remove();
        assertThat(file.exists()).isFalse();
        assertThat(region.guestMemories()).isEmpty();
    }

    @Test
    void saysWhereNoFileSystemListsExtents() {
        region.guestMemory("vm").create(PAGE).close();

        assertThatThrownBy(() -> region.guestMemory("vm").extents())
                .isInstanceOfSatisfying(UnsupportedSystemException.class, e -> {
                    assertThat(e.call()).isEqualTo("ioctl(FS_IOC_FIEMAP)");
                    assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP);
                });
    }

    @Test
    void isUnmappedOnce() throws IOException {
        GuestMemory first = region.guestMemory("vm").create(PAGE);
        long address = first.address();
        first.close();
        // The kernel gives out the address again when something else of that length is mapped.
        List<GuestMemory> others = new ArrayList<>();
        do {
            others.add(region.guestMemory("vm").open());
        } while (others.get(others.size() - 1).address() != address && others.size() < 100);

        assertThat(others.get(others.size() - 1).address()).isEqualTo(address);
        first.close();

        assertThat(ThisProcess.mappingsWith(file("vm").toString())).hasSize(others.size());
        others.forEach(GuestMemory::close);
    }

    @Test
    void isNoUseAfterClose() {
        GuestMemory memory = region.guestMemory("vm").create(PAGE);
        memory.close();

        assertThatThrownBy(memory::address).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> memory.slice(0, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSliceThatOutlivesItTouchesNobodysMemory() throws IOException {
        ByteBuffer slice;
        try (GuestMemory memory = region.guestMemory("vm").create(PAGE)) {
            slice = memory.slice(0, PAGE);
            slice.putLong(0, 42);
        }
        // The file is let go at once, whoever holds the slice.
        assertThat(ThisProcess.mappingsWith(file("vm").toString())).isEmpty();

        assertThatFaults(() -> slice.getLong(0));
        assertThatFaults(() -> slice.putLong(0, 1));
        assertThatFaults(() -> slice.get(0, new byte[PAGE]));
        assertThat(Files.readAllBytes(file("vm"))).startsWith(42, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void theAddressesAreFreeWhenNoSliceIsLeft() throws IOException {
        ByteBuffer view;
        try (GuestMemory memory = region.guestMemory("vm").create(PAGE)) {
            view = memory.slice(0, PAGE).slice(8, 8).asReadOnlyBuffer();
        }
        System.gc();
        assertThat(ThisProcess.mappingsWith(CLOSED_MAPPING)).isNotEmpty();
        assertThatFaults(view::get);

        view = ByteBuffer.allocate(0);

        await().until(() -> {
            System.gc();
            return ThisProcess.mappingsWith(CLOSED_MAPPING).isEmpty();
        });
        assertThat(view.capacity()).isZero();
    }

    /** Two threads close it while two others cut a slice: one that they get must not point to memory that is gone. */
    @Test
    void closesSafelyWhileOthersCutSlices() throws Exception {
        int threads = 4;
        region.guestMemory("vm").create(PAGE).close();
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 1000; round++) {
                GuestMemory memory = region.guestMemory("vm").open();
                String addresses = Long.toHexString(memory.address()) + "-";
                Callable<Optional<ByteBuffer>> cut = () -> {
                    start.await();
                    return cutUnlessClosed(memory);
                };
                Callable<Optional<ByteBuffer>> close = () -> {
                    start.await();
                    memory.close();
                    return Optional.empty();
                };
                List<ByteBuffer> slices = new ArrayList<>();
                for (Future<Optional<ByteBuffer>> end : executor.invokeAll(List.of(cut, close, cut, close))) {
                    end.get().ifPresent(slices::add);
                }
                if (!slices.isEmpty()) {
                    assertThat(ThisProcess.mappingsWith(addresses))
                            .singleElement()
                            .asString()
                            .contains(CLOSED_MAPPING);
                }
                assertThat(slices).allMatch(slice -> slice.capacity() == PAGE);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static Optional<ByteBuffer> cutUnlessClosed(GuestMemory memory) {
        try {
            return Optional.of(memory.slice(0, PAGE));
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** The JVM throws the error for a fault in memory when the thread next comes to where it can, as in sleep(). */
    private static void assertThatFaults(Executable access) {
        assertThatThrownBy(() -> {
                    access.execute();
                    for (int count = 0; count < 1000; count++) {
                        Thread.sleep(1);
                    }
                })
                .isInstanceOf(InternalError.class)
                .hasMessageContaining("unsafe memory access");
    }
}
