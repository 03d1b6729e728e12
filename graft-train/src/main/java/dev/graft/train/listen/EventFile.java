package dev.graft.train.listen;

import com.google.protobuf.CodedOutputStream;
import dev.graft.FileBlocks;
import dev.graft.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;

/**
 * TensorBoard's event file: TFRecords of {@code Event} messages, the first of which says the version. Each record is
 * written whole, so a reader sees all that is there at any time.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecord</a>
 * @see <a href="https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto">Event</a>
 */
final class EventFile implements AutoCloseable {
    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;

    private static final String VERSION = "brain.Event:2";
    private static final int CRC_MASK = 0xa282ead8;

    private final Path file;
    private final FileChannel channel;
    private final Clock clock;

    private EventFile(Path file, FileChannel channel, Clock clock) {
        this.file = file;
        this.channel = channel;
        this.clock = clock;
    }

    /** Begins a file in a folder, which is made where it is missing. */
    static EventFile in(Path folder, Clock clock) {
        String name = String.format(
                Locale.ROOT, "events.out.tfevents.%010d.%s", clock.instant().getEpochSecond(), host());
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(folder);
            EventFile events = create(file, 0, clock);
            events.appendVersion();
            return events;
        } catch (IOException e) {
            throw WholeFile.at(file).failure(e);
        }
    }

    /** Another log may have begun in the same second: its file is left alone. */
    private static EventFile create(Path file, int taken, Clock clock) throws IOException {
        Path free = taken == 0 ? file : file.resolveSibling(file.getFileName() + "." + taken);
        try {
            return new EventFile(
                    free, FileChannel.open(free, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), clock);
        } catch (FileAlreadyExistsException e) {
            return create(file, taken + 1, clock);
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private void appendVersion() throws IOException {
        try {
            append(message(event -> {
                event.writeDouble(EVENT_WALL_TIME, seconds());
                event.writeString(EVENT_FILE_VERSION, VERSION);
            }));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Writes one number a tag, as float32. */
    void scalars(long step, Map<String, Double> values) {
        try {
            byte[] summary = message(out -> {
                for (Map.Entry<String, Double> entry : values.entrySet()) {
                    out.writeByteArray(SUMMARY_VALUE, value(entry.getKey(), entry.getValue()));
                }
            });
            append(message(event -> {
                event.writeDouble(EVENT_WALL_TIME, seconds());
                if (step != 0) {
                    event.writeInt64(EVENT_STEP, step);
                }
                event.writeByteArray(EVENT_SUMMARY, summary);
            }));
        } catch (IOException e) {
            throw WholeFile.at(file).failure(e);
        }
    }

    private static byte[] value(String tag, double number) throws IOException {
        return message(out -> {
            out.writeString(VALUE_TAG, tag);
            out.writeFloat(VALUE_SIMPLE, (float) number);
        });
    }

    private double seconds() {
        return clock.millis() / 1e3;
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    /** A record: length, its checksum, the message, its checksum; little-endian. */
    private void append(byte[] message) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + message.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(message.length);
        record.putInt(maskedCrc(record.array(), Long.BYTES));
        record.put(message).putInt(maskedCrc(message, message.length));
        record.flip();
        while (record.hasRemaining()) {
            channel.write(record);
        }
    }

    private static int maskedCrc(byte[] bytes, int length) {
        return Integer.rotateRight(FileBlocks.crc32c(ByteBuffer.wrap(bytes, 0, length)), 15) + CRC_MASK;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw WholeFile.at(file).failure(e);
        }
    }
}
