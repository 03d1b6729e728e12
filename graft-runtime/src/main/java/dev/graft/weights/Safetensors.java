package dev.graft.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.graft.GraftException;
import dev.graft.JsonText;
import dev.graft.ReadBack;
import dev.graft.WholeFile;
import dev.graft.tensor.HostTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Reads and writes safetensors files: a JSON header after its length, then the numbers, row-major and little-endian.
 * Tensors of F32, F16, BF16 and F64 are read as floats, F32 without a copy; F32 is written. Tensors keep the order of
 * the header.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">the format</a>
 */
public final class Safetensors {
    static final String METADATA = "__metadata__";
    public static final int PREFIX_BYTES = Long.BYTES;

    private static final long LONGEST_HEADER = 100_000_000;
    private static final int CHUNK_BYTES = 1 << 16;

    private Safetensors() {}

    /**
     * Opens a file, mapped into memory.
     *
     * @throws GraftException if the file cannot be read or is not valid
     */
    public static WeightFile read(Path path) {
        return read(Bytes.map(path));
    }

    /**
     * Opens a file held in memory, from the buffer's position to its limit. The content must not change afterwards.
     *
     * @param description where the content comes from, for messages
     * @throws GraftException if the content is not valid
     */
    public static WeightFile read(String description, ByteBuffer content) {
        return read(Bytes.of(description, content));
    }

    public static WeightFile read(Bytes bytes) {
        Cursor in = new Cursor(bytes);
        long length = in.u64("the header length");
        if (length < 2 || length > LONGEST_HEADER || length > in.remaining()) {
            throw bytes.fault(
                    "header",
                    "expected a length of 2 to " + Math.min(LONGEST_HEADER, in.remaining())
                            + " bytes, got " + Long.toUnsignedString(length)
                            + "; not a safetensors file, or cut short: fetch it again");
        }
        return new SafetensorsHeader(bytes, in.take(length, "the header")).parse(in.position());
    }

    /** Whether the first bytes could be a safetensors file's: a plausible length, then a brace. */
    public static boolean isLikely(Bytes bytes) {
        if (bytes.size() <= PREFIX_BYTES) {
            return false;
        }
        ByteBuffer start = bytes.slice(0, PREFIX_BYTES + 1);
        long length = start.getLong();
        return length > 0 && length <= bytes.size() - PREFIX_BYTES && start.get() == '{';
    }

    /**
     * Writes tensors in the order of their map, as F32. The same tensors and metadata give the same bytes. The stream is
     * not closed.
     *
     * @throws IOException if the stream fails
     * @throws IllegalArgumentException if a tensor is named {@code __metadata__}, which the format reserves
     */
    public static void write(OutputStream out, Map<String, HostTensor> tensors, Map<String, String> metadata)
            throws IOException {
        if (tensors.containsKey(METADATA)) {
            throw new IllegalArgumentException("a tensor cannot be named " + METADATA);
        }
        byte[] header = header(tensors, metadata);
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.write(prefix.putLong(header.length).array());
        out.write(header);
        byte[] chunk = new byte[CHUNK_BYTES];
        for (HostTensor tensor : tensors.values()) {
            writeNumbers(out, tensor.values(), chunk);
        }
    }

    /**
     * Writes a file with {@link #write}, reads it back and compares, and only then puts it in its place.
     *
     * @throws GraftException if it cannot be written, or does not come back as it was
     */
    public static void write(WholeFile place, Map<String, HostTensor> tensors, Map<String, String> metadata) {
        verified(place, tensors, metadata).write(out -> write(out, tensors, metadata));
    }

    /** The same, on the disk before it is in its place, as {@link WholeFile#writeThrough} says. */
    public static void writeThrough(WholeFile place, Map<String, HostTensor> tensors, Map<String, String> metadata) {
        verified(place, tensors, metadata).writeThrough(out -> write(out, tensors, metadata));
    }

    private static WholeFile verified(WholeFile place, Map<String, HostTensor> tensors, Map<String, String> metadata) {
        return place.verifiedBy(half -> {
            // Not mapped: Windows moves no file that is.
            try (InputStream in = Files.newInputStream(half)) {
                verify(place.path().toString(), in, Files.size(half), tensors, metadata);
            } catch (IOException e) {
                throw ReadBack.unreadable(place.path(), e);
            }
        });
    }

    /**
     * Reads back what {@link #write} wrote: the header as any reader does, the numbers as they pass by.
     *
     * @param description where it comes from, for messages
     * @param size of the content in bytes
     * @throws GraftException if it is not valid, or anything in it is other than it was
     */
    public static void verify(
            String description,
            InputStream in,
            long size,
            Map<String, HostTensor> tensors,
            Map<String, String> metadata)
            throws IOException {
        Bytes content = Bytes.ofSize(description, size);
        byte[] prefix = in.readNBytes(PREFIX_BYTES);
        long length = prefix.length < PREFIX_BYTES
                ? 0
                : ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] header = in.readNBytes((int) Math.max(0, Math.min(length, LONGEST_HEADER)));
        WeightFile read = new SafetensorsHeader(content, ByteBuffer.wrap(header)).parse(PREFIX_BYTES + header.length);
        boolean same = read.metadata().equals(metadata)
                && List.copyOf(read.tensors().keySet()).equals(List.copyOf(tensors.keySet()))
                && tensors.entrySet().stream().allMatch(tensor -> Objects.requireNonNull(
                                read.tensors().get(tensor.getKey()))
                        .shape()
                        .equals(tensor.getValue().shape()));
        for (HostTensor tensor : tensors.values()) {
            same = same && sameNumbers(in, tensor.values());
        }
        if (!same) {
            throw new GraftException(description
                    + ": the weights came back other than written; is the disk sound? If so" + " please report it");
        }
    }

    private static boolean sameNumbers(InputStream in, FloatBuffer values) throws IOException {
        while (values.hasRemaining()) {
            int count = Math.min(values.remaining(), CHUNK_BYTES / Float.BYTES);
            byte[] chunk = in.readNBytes(count * Float.BYTES);
            FloatBuffer read =
                    ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            if (read.remaining() < count) {
                return false;
            }
            while (read.hasRemaining()) {
                if (Float.floatToRawIntBits(read.get()) != Float.floatToRawIntBits(values.get())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void writeNumbers(OutputStream out, FloatBuffer values, byte[] chunk) throws IOException {
        FloatBuffer floats =
                ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        while (values.hasRemaining()) {
            int count = Math.min(values.remaining(), floats.capacity());
            floats.clear().put(values.slice(values.position(), count));
            values.position(values.position() + count);
            out.write(chunk, 0, count * Float.BYTES);
        }
    }

    private static byte[] header(Map<String, HostTensor> tensors, Map<String, String> metadata) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(METADATA);
                for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long begin = 0;
            for (Map.Entry<String, HostTensor> entry : tensors.entrySet()) {
                long end = begin + (long) entry.getValue().elements() * Float.BYTES;
                json.writeObjectFieldStart(entry.getKey());
                json.writeStringField("dtype", Encoding.F32.name());
                json.writeFieldName("shape");
                int[] sizes = entry.getValue().shape().sizes();
                json.writeArray(sizes, 0, sizes.length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {begin, end}, 0, 2);
                json.writeEndObject();
                begin = end;
            }
            json.writeEndObject();
        }
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(JsonText.bytes(text.toString()));
        while (header.size() % Long.BYTES != 0) {
            header.write(' ');
        }
        return header.toByteArray();
    }
}
