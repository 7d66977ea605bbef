// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.qemu;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A VM's physical memory as the machine has it, whatever the kernel inside says. Reading goes through QEMU ({@code pmemsave});
 * changing goes through the file that backs the memory, behind the kernel's back.
 */
public final class PhysicalMemory {

    private final QemuProcess qemu;
    private final MemoryLayout layout;
    private final Path work;

    /** Of a running VM; dumps go to {@code work}. */
    public PhysicalMemory(QemuProcess qemu, MemoryLayout layout, Path work) {
        this.qemu = qemu;
        this.layout = layout;
        this.work = work;
    }

    /** Reads {@code length} bytes at a physical address. */
    public byte[] read(long address, int length) {
        try {
            Path dump = Files.createTempFile(work, "read-", ".bin");
            try {
                save(address, length, dump);
                return Files.readAllBytes(dump);
            } finally {
                Files.delete(dump);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps what some ranges hold now, for a later comparison. */
    public PhysicalSnapshot snapshot(Collection<PhysicalRange> ranges) {
        try {
            Path directory = Files.createTempDirectory(work, "snapshot-");
            int number = 0;
            for (PhysicalRange range : ranges) {
                save(range.base(), range.size(), directory.resolve(Integer.toString(number++)));
            }
            return new PhysicalSnapshot(List.copyOf(ranges), directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes what a range holds now into a file; pages of zeros take no space in it. */
    public void save(PhysicalRange range, Path file) {
        try {
            save(range.base(), range.size(), file);
            Command.of("fallocate", "--dig-holes", file.toString()).run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The physical addresses of the 4 KiB pages that differ now from what a snapshot kept. */
    public List<Long> differences(PhysicalSnapshot before) {
        try {
            return before.differences(snapshot(before.ranges()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes memory from outside. */
    public void write(long address, byte[] bytes) {
        try (RandomAccessFile file = new RandomAccessFile(backingFile(address).toFile(), "rw")) {
            file.seek(layout.fileOffset(address, bytes.length));
            file.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Gives pages that hold zeros back to this machine: the VM finds zeros there as before. Nothing in the VM may write to the range
     * meanwhile.
     */
    public void releaseZeros(PhysicalRange range) {
        try {
            Command.of(
                            "fallocate",
                            "--dig-holes",
                            "--offset",
                            Long.toString(layout.fileOffset(range.base(), range.size())),
                            "--length",
                            Long.toString(range.size()),
                            backingFile(range.base()).toString())
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flips one bit, 0 to 7, of the byte at an address. */
    public void flipBit(long address, int bit) {
        byte[] one = read(address, 1);
        one[0] = (byte) (one[0] ^ (1 << bit));
        write(address, one);
    }

    private void save(long address, long length, Path file) throws IOException {
        layout.fileOffset(address, length);
        Files.deleteIfExists(file);
        qemu.protocol()
                .execute(
                        "pmemsave",
                        Map.of(
                                "val",
                                address,
                                "size",
                                length,
                                "filename",
                                file.toAbsolutePath().toString()));
        if (Files.size(file) != length) {
            throw new HarnessException("QEMU saved " + Files.size(file) + " of " + length + " bytes to " + file);
        }
    }

    /** The file of the memory at an address, among QEMU's open files. */
    private Path backingFile(long address) throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + qemu.pid() + "/fd"))) {
            for (Path file : open) {
                if (Files.readSymbolicLink(file).toString().startsWith("/memfd:")
                        && Files.size(file) == layout.fileLength(address)) {
                    return file;
                }
            }
        }
        throw new HarnessException("QEMU has no open memory file of " + layout.fileLength(address) + " bytes");
    }
}
