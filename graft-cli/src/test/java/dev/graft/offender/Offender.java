package dev.graft.offender;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import dev.graft.accomplice.Accomplice;
import dev.graft.torch.Device;
import io.jhdf.HdfFile;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.pytorch.Tensor;

/** Breaks every rule of {@code ArchitectureTest}, to show that each one bites. */
public class Offender extends Pointer {
    public static final Device PICKED = Device.CPU;

    public List<Tensor> shown(
            Accomplice friend,
            OrtSession session,
            OnnxMl.GraphProto graph,
            ByteString bytes,
            CSVRecord row,
            Mat picture,
            HdfFile weights) {
        System.gc();
        throw new RuntimeException("because");
    }
}
