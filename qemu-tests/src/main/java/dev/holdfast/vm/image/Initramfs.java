// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/** Writes an initial RAM file system: a cpio archive, not compressed. Same content, same bytes. */
final class Initramfs implements AutoCloseable {

    private final CpioArchiveOutputStream archive;
    private int inode;

    Initramfs(OutputStream out) {
        archive = new CpioArchiveOutputStream(out, CpioConstants.FORMAT_NEW);
    }

    void directory(String name) throws IOException {
        add(name, CpioConstants.C_ISDIR | 0755, new byte[0]);
    }

    void file(String name, int permissions, Path content) throws IOException {
        file(name, permissions, Files.readAllBytes(content));
    }

    void file(String name, int permissions, String content) throws IOException {
        file(name, permissions, content.getBytes(StandardCharsets.UTF_8));
    }

    void file(String name, int permissions, byte[] content) throws IOException {
        add(name, CpioConstants.C_ISREG | permissions, content);
    }

    private void add(String name, int mode, byte[] content) throws IOException {
        CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, name, content.length);
        entry.setMode(mode);
        entry.setInode(++inode);
        entry.setNumberOfLinks(1);
        entry.setTime(0);
        archive.putArchiveEntry(entry);
        archive.write(content);
        archive.closeArchiveEntry();
    }

    /** The kernel opens /dev/console for init before anything is mounted. */
    void console() throws IOException {
        CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, "dev/console");
        entry.setMode(CpioConstants.C_ISCHR | 0600);
        entry.setRemoteDeviceMaj(5);
        entry.setRemoteDeviceMin(1);
        entry.setInode(++inode);
        entry.setNumberOfLinks(1);
        entry.setTime(0);
        archive.putArchiveEntry(entry);
        archive.closeArchiveEntry();
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
