package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tensor.HalfFloat;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class EncodingTest {
    @Test
    void everyHalfEqualsNumpy() {
        ByteBuffer floats = ByteBuffer.allocate(65536 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int half = 0; half < 65536; half++) {
            float value = HalfFloat.toFloat((short) half);
            boolean isNan = (half & 0x7c00) == 0x7c00 && (half & 0x3ff) != 0;
            assertThat(Float.isNaN(value)).isEqualTo(isNan);
            if (!isNan) {
                floats.putFloat(value);
            }
        }
        CRC32 crc = new CRC32();
        crc.update(floats.flip());
        assertThat(crc.getValue()).as("tools/reference/weight_files.py").isEqualTo(0x58a2254bL);
    }

    @Test
    void alignedDirectFloatsAreAViewAndOthersACopy() {
        ByteBuffer direct = ByteBuffer.allocateDirect(16).order(ByteOrder.LITTLE_ENDIAN);
        HostTensor view = Encoding.F32.decode(direct.slice(4, 8).order(ByteOrder.LITTLE_ENDIAN), Shape.of(2));
        HostTensor copy = Encoding.F32.decode(direct.slice(3, 8).order(ByteOrder.LITTLE_ENDIAN), Shape.of(2));
        direct.putFloat(4, 7f);
        assertThat(view.toArray()).containsExactly(7f, 0f);
        assertThat(copy.toArray()).containsExactly(0f, 0f);
        assertThat(copy.values().isDirect()).isTrue();
    }

    @Test
    void heapBytesBecomeDirectFloats() {
        ByteBuffer heap = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2f)
                .flip();
        HostTensor tensor = Encoding.F32.decode(heap, Shape.of(2));
        assertThat(tensor.values().isDirect()).isTrue();
        assertThat(tensor.toArray()).containsExactly(1.5f, -2f);
    }
}
