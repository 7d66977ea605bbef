// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vm.HarnessException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleOrderTest {

    private final ModuleOrder order = ModuleOrder.parse(
            List.of(
                    "kernel/virtio/virtio.ko: kernel/virtio/virtio_ring.ko",
                    "kernel/virtio/virtio_ring.ko:",
                    "kernel/block/virtio_blk.ko: kernel/virtio/virtio.ko kernel/virtio/virtio_ring.ko",
                    "kernel/crypto/crc32c-intel.ko:"),
            List.of("kernel/lib/libcrc32.ko"));

    @Test
    void what_a_module_needs_comes_before_it() {
        assertThat(order.toLoad(List.of("virtio_blk")))
                .containsExactly(
                        "kernel/virtio/virtio_ring.ko", "kernel/virtio/virtio.ko", "kernel/block/virtio_blk.ko");
    }

    @Test
    void each_is_loaded_once() {
        assertThat(order.toLoad(List.of("virtio", "virtio_blk", "virtio"))).hasSize(3);
    }

    @Test
    void hyphens_are_underscores_and_what_is_built_in_is_left_out() {
        assertThat(order.toLoad(List.of("crc32c_intel", "libcrc32"))).containsExactly("kernel/crypto/crc32c-intel.ko");
    }

    @Test
    void an_unknown_module_is_refused_by_name() {
        assertThatThrownBy(() -> order.toLoad(List.of("squashfs")))
                .isInstanceOf(HarnessException.class)
                .hasMessage("the kernel has no module squashfs");
    }
}
