using NetLab.Core.Tcp;

namespace NetLab.Core.Packets;

/// <summary>The fields of TCP that the segments before one give it: a subtree at the end of its layer.</summary>
internal sealed class TcpAnalysisFields
{
    private readonly FieldDefinition _heading;
    private readonly FieldDefinition _roundTrip;
    private readonly FieldDefinition _inFlight;
    private readonly FieldDefinition _flags;
    private readonly FieldDefinition[] _marks;
    private readonly FieldDefinition _duplicate;

    public TcpAnalysisFields(ProtocolDefinition tcp)
    {
        _heading = tcp.Heading("tcp.analysis", "SEQ/ACK analysis").FromAnalysis();
        _roundTrip = tcp.Value("tcp.analysis.ack_rtt", "The RTT to ACK the segment was", FieldKind.Time).FromAnalysis();
        _inFlight = tcp.Number("tcp.analysis.bytes_in_flight", "Bytes in flight").FromAnalysis();
        _flags = tcp.Heading("tcp.analysis.flags", "TCP Analysis Flags").FromAnalysis();
        // In the order of the marks' bits.
        (string Name, string Label)[] marks =
        [
            ("retransmission", "This frame is a (suspected) retransmission"),
            ("fast_retransmission", "This frame is a (suspected) fast retransmission"),
            ("spurious_retransmission", "This frame is a (suspected) spurious retransmission"),
            ("out_of_order", "This frame is a (suspected) out-of-order segment"),
            ("duplicate_ack", "This is a TCP duplicate ack"),
            ("lost_segment", "Previous segment(s) not captured"),
            ("ack_lost_segment", "ACKed segment that wasn't captured"),
            ("keep_alive", "TCP keep-alive segment"),
            ("keep_alive_ack", "ACK to a TCP keep-alive segment"),
            ("zero_window", "TCP Zero Window segment"),
            ("zero_window_probe", "TCP Zero Window Probe"),
            ("zero_window_probe_ack", "ACK to a TCP Zero Window Probe"),
            ("window_full", "TCP window specified by the receiver is now completely full"),
            ("window_update", "TCP window update"),
            ("reused_ports", "A new tcp session is started with the same ports"),
        ];
        _marks = [.. marks.Select(mark => tcp.Heading("tcp.analysis." + mark.Name, mark.Label).FromAnalysis())];
        _duplicate = tcp.Number("tcp.analysis.duplicate_ack_num", "Duplicate ACK #").FromAnalysis();
    }

    public void Write(ref DissectionContext context, in SegmentAnalysis analysis, int at)
    {
        context.Span(_heading, at, 0);
        context.Indent++;
        if (analysis.RoundTrip is { } roundTrip)
            context.Add(_roundTrip, at, 0, (ulong)roundTrip.Nanoseconds);
        if (analysis.BytesInFlight > 0)
            context.Add(_inFlight, at, 0, analysis.BytesInFlight);
        if (analysis.Marks != StreamMarks.None)
            Marks(ref context, analysis, at);
        context.Indent--;
    }

    private void Marks(ref DissectionContext context, in SegmentAnalysis analysis, int at)
    {
        const StreamMarks Again = StreamMarks.FastRetransmission | StreamMarks.SpuriousRetransmission;
        // What is sent again in a special way is a retransmission, too.
        var marks = analysis.Marks.Has(Again) ? analysis.Marks | StreamMarks.Retransmission : analysis.Marks;
        context.Span(_flags, at, 0);
        context.Indent++;
        for (int bit = 0; bit < _marks.Length; bit++)
        {
            if (((int)marks >> bit & 1) != 0)
                context.Span(_marks[bit], at, 0);
        }

        if (analysis.DuplicateAck > 0)
            context.Add(_duplicate, at, 0, analysis.DuplicateAck);
        context.Indent--;
    }
}
