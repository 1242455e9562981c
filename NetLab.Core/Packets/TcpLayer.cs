namespace NetLab.Core.Packets;

/// <summary>The fields of TCP.</summary>
internal static class TcpLayer
{
    public static readonly ProtocolDefinition Protocol = new("tcp", "Transmission Control Protocol", ProtocolTier.Transport);

    private static readonly FieldDefinition SourcePort = Protocol.Number("tcp.srcport", "Source Port");
    private static readonly FieldDefinition DestinationPort = Protocol.Number("tcp.dstport", "Destination Port");
    private static readonly FieldDefinition Stream = Protocol.Number("tcp.stream", "Stream index").FromHistory();
    private static readonly FieldDefinition RelativeSequence = Protocol.Number("tcp.seq", "Sequence Number (relative)").FromHistory();
    private static readonly FieldDefinition NextSequence = Protocol.Number("tcp.nxtseq", "Next Sequence Number (relative)").FromHistory();
    private static readonly FieldDefinition RelativeAcknowledgment = Protocol.Number("tcp.ack", "Acknowledgment Number (relative)").FromHistory();
    private static readonly FieldDefinition ScaledWindow = Protocol.Number("tcp.window_size", "Calculated window size").FromHistory();
    private static readonly FieldDefinition Length = Protocol.Number("tcp.len", "TCP Segment Len");
    private static readonly FieldDefinition Sequence = Protocol.Number("tcp.seq_raw", "Sequence Number (raw)");
    private static readonly FieldDefinition Acknowledgment = Protocol.Number("tcp.ack_raw", "Acknowledgment number (raw)");
    private static readonly FieldDefinition HeaderLength = Protocol.Number("tcp.hdr_len", "Header Length");
    private static readonly FieldDefinition Flags = Protocol.Hex("tcp.flags", "Flags", 4, FlagNames);
    private static readonly FieldDefinition Accurate = Protocol.Flag("tcp.flags.ae", "Accurate ECN");
    private static readonly FieldDefinition Cwr = Protocol.Flag("tcp.flags.cwr", "Congestion Window Reduced");
    private static readonly FieldDefinition Ece = Protocol.Flag("tcp.flags.ece", "ECN-Echo");
    private static readonly FieldDefinition Urg = Protocol.Flag("tcp.flags.urg", "Urgent");
    private static readonly FieldDefinition Ack = Protocol.Flag("tcp.flags.ack", "Acknowledgment");
    private static readonly FieldDefinition Psh = Protocol.Flag("tcp.flags.push", "Push");
    private static readonly FieldDefinition Rst = Protocol.Flag("tcp.flags.reset", "Reset");
    private static readonly FieldDefinition Syn = Protocol.Flag("tcp.flags.syn", "Syn");
    private static readonly FieldDefinition Fin = Protocol.Flag("tcp.flags.fin", "Fin");
    private static readonly FieldDefinition Window = Protocol.Number("tcp.window_size_value", "Window");
    private static readonly FieldDefinition Checksum = Protocol.Hex("tcp.checksum", "Checksum", 4);
    private static readonly FieldDefinition ChecksumState = Protocol.Checksum("tcp.checksum.status");
    private static readonly FieldDefinition Offloaded = Protocol.Offload("tcp.checksum.partial");
    private static readonly FieldDefinition Urgent = Protocol.Number("tcp.urgent_pointer", "Urgent Pointer");
    private static readonly FieldDefinition Options = Protocol.Value("tcp.options", "Options", FieldKind.Bytes).InWords(OptionNames);
    private static readonly FieldDefinition OptionKind = Protocol.Number("tcp.option_kind", "TCP Option", OptionName);
    private static readonly FieldDefinition OptionLength = Protocol.Number("tcp.option_len", "Length");
    private static readonly FieldDefinition Mss = Protocol.Number("tcp.options.mss_val", "MSS Value");
    private static readonly FieldDefinition Shift = Protocol.Number("tcp.options.wscale.shift", "Shift count");
    private static readonly FieldDefinition SackLeft = Protocol.Number("tcp.options.sack_le", "Left edge");
    private static readonly FieldDefinition SackRight = Protocol.Number("tcp.options.sack_re", "Right edge");
    private static readonly FieldDefinition StampValue = Protocol.Number("tcp.options.timestamp.tsval", "Timestamp value");
    private static readonly FieldDefinition StampEcho = Protocol.Number("tcp.options.timestamp.tsecr", "Timestamp echo reply");
    private static readonly FieldDefinition Cookie = Protocol.Value("tcp.options.tfo.cookie", "Fast Open Cookie", FieldKind.Bytes);
    private static readonly FieldDefinition MptcpSubtype = Protocol.Number("tcp.options.mptcp.subtype", "Multipath TCP subtype");
    private static readonly FieldDefinition Payload = Protocol.Value("tcp.payload", "TCP payload", FieldKind.Bytes);

    private static readonly TcpAnalysisFields Analysis = new(Protocol);

    private static string? FlagNames(ulong flags)
    {
        string[] names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];
        return string.Join(", ", names.Where((_, bit) => (flags >> bit & 1) != 0));
    }

    private static void OptionNames(ref Utf8Line line, ReadOnlySpan<byte> bytes)
    {
        line.Character((byte)'(');
        line.Number(bytes.Length);
        line.Text(" bytes)"u8);
        var options = new TcpOptions(bytes);
        for (int count = 0; options.MoveNext();)
        {
            // Padding says nothing.
            if (options.Kind is TcpOptionKind.NoOperation or TcpOptionKind.EndOfList)
                continue;
            line.Text(count++ == 0 ? " "u8 : ", "u8);
            line.Text(OptionName((ulong)options.Kind) ?? "unknown");
        }
    }

    private static string? OptionName(ulong kind) => (TcpOptionKind)kind switch
    {
        TcpOptionKind.EndOfList => "End of Option List",
        TcpOptionKind.NoOperation => "No-Operation",
        TcpOptionKind.MaximumSegmentSize => "Maximum Segment Size",
        TcpOptionKind.WindowScale => "Window Scale",
        TcpOptionKind.SackPermitted => "SACK Permitted",
        TcpOptionKind.Sack => "SACK",
        TcpOptionKind.Timestamps => "Time Stamp Option",
        TcpOptionKind.Md5 => "MD5 Signature",
        TcpOptionKind.UserTimeout => "User Timeout",
        TcpOptionKind.Multipath => "Multipath TCP",
        TcpOptionKind.FastOpen => "TCP Fast Open Cookie",
        _ => null,
    };

    public static void Dissect(ref DissectionContext context, IpPayload ip, int at, int end)
    {
        int layer = context.Into.Begin(Protocol, at, Math.Min(TcpHeader.MinLength, end - at));
        if (end < at + 4)
        {
            context.Short(end, "the ports are cut off");
            return;
        }

        context.Bytes16(SourcePort, at);
        context.Bytes16(DestinationPort, at + 2);
        if (!TcpHeader.TryRead(context.Bytes[at..end], out var tcp))
        {
            if (end >= at + 8)
                context.Bytes32(Sequence, at + 4);
            context.Short(end, "the header has fewer than 20 bytes");
            return;
        }

        int headerLength = tcp.HeaderLength;
        var history = context.History is { } known && known.TransportAt == at ? known : (FrameContext?)null;
        if (history is { } numbers)
            Numbers(ref context, numbers, tcp, at, ip.Length - headerLength);
        context.Bytes32(Sequence, at + 4);
        context.Bytes32(Acknowledgment, at + 8);
        context.Add(HeaderLength, at + 12, 1, (ulong)headerLength);
        FlagFields(ref context, tcp, at);
        context.Bytes16(Window, at + 14);
        if (history is { } scale)
            context.Add(ScaledWindow, at + 14, 2, (ulong)tcp.Window << scale.WindowShift);
        context.Bytes16(Checksum, at + 16);
        var status = ip.Verify(ref context, at, ip.Length);
        context.Checksum(ChecksumState, at + 16, status);
        if (status == ChecksumStatus.Bad)
            context.Flag(Offloaded, at + 16, 2, ip.IsOffloaded(ref context, ip.Length, tcp.Checksum));
        context.Bytes16(Urgent, at + 18);
        if (headerLength < TcpHeader.MinLength || headerLength > ip.Length)
        {
            context.Into.Mark(LayerMark.Malformed, headerLength < TcpHeader.MinLength
                ? "the header length is less than 20 bytes" : "the header is longer than the segment");
            return;
        }

        context.Into.Resize(layer, Math.Min(headerLength, end - at));
        context.Add(Length, at + 12, 0, (ulong)(ip.Length - headerLength));
        if (headerLength > TcpHeader.MinLength)
            OptionFields(ref context, tcp.Options, at + TcpHeader.MinLength, at + headerLength > end);
        if (history is { Analysis.IsEmpty: false } analysed)
            Analysis.Write(ref context, analysed.Analysis, at);
        at += headerLength;
        if (at >= end)
            return;
        context.Span(Payload, at, end - at);
        if (context.Wants(ProtocolTier.Application))
            ApplicationLayer.DissectTcp(ref context, tcp.SourcePort, tcp.DestinationPort, at, end);
    }

    private static void Numbers(ref DissectionContext context, FrameContext history, TcpHeader tcp, int at, int length)
    {
        context.Add(Stream, at, 0, (ulong)history.Stream);
        uint sequence = tcp.SequenceNumber - history.SequenceBase;
        context.Add(RelativeSequence, at + 4, 4, sequence);
        uint taken = (uint)length + ((tcp.Flags & TcpFlags.Syn) != 0 ? 1u : 0) + ((tcp.Flags & TcpFlags.Fin) != 0 ? 1u : 0);
        context.Add(NextSequence, at + 4, 0, sequence + taken);
        context.Add(RelativeAcknowledgment, at + 8, 4, (tcp.Flags & TcpFlags.Ack) != 0 ? tcp.AcknowledgmentNumber - history.AcknowledgmentBase : 0);
    }

    private static void FlagFields(ref DissectionContext context, TcpHeader tcp, int at)
    {
        var flags = tcp.Flags;
        context.Add(Flags, at + 12, 2, tcp.FlagsAndReserved);
        context.Indent++;
        context.Flag(Accurate, at + 12, 1, (flags & TcpFlags.Ae) != 0);
        context.Flag(Cwr, at + 13, 1, (flags & TcpFlags.Cwr) != 0);
        context.Flag(Ece, at + 13, 1, (flags & TcpFlags.Ece) != 0);
        context.Flag(Urg, at + 13, 1, (flags & TcpFlags.Urg) != 0);
        context.Flag(Ack, at + 13, 1, (flags & TcpFlags.Ack) != 0);
        context.Flag(Psh, at + 13, 1, (flags & TcpFlags.Psh) != 0);
        context.Flag(Rst, at + 13, 1, (flags & TcpFlags.Rst) != 0);
        context.Flag(Syn, at + 13, 1, (flags & TcpFlags.Syn) != 0);
        context.Flag(Fin, at + 13, 1, (flags & TcpFlags.Fin) != 0);
        context.Indent--;
    }

    private static void OptionFields(ref DissectionContext context, ReadOnlySpan<byte> bytes, int at, bool isCut)
    {
        context.Span(Options, at, bytes.Length);
        var options = new TcpOptions(bytes);
        context.Indent++;
        while (options.MoveNext())
        {
            int start = at + options.Offset;
            context.Bytes8(OptionKind, start);
            context.Indent++;
            if (options.Length > 1)
                context.Bytes8(OptionLength, start + 1);
            OptionValue(ref context, options, start);
            context.Indent--;
        }

        context.Indent--;
        if (isCut)
            context.Into.Mark(LayerMark.Truncated, "the options are cut off");
        else if (options.IsMalformed)
            context.Into.Mark(LayerMark.Malformed, "an option's length runs beyond the header");
    }

    private static void OptionValue(ref DissectionContext context, TcpOptions option, int at)
    {
        switch (option.Kind)
        {
            case TcpOptionKind.MaximumSegmentSize when option.Length == 4: context.Bytes16(Mss, at + 2); break;
            case TcpOptionKind.WindowScale when option.Length == 3: context.Bytes8(Shift, at + 2); break;
            case TcpOptionKind.Timestamps when option.Length == 10:
                context.Bytes32(StampValue, at + 2);
                context.Bytes32(StampEcho, at + 6);
                break;
            case TcpOptionKind.Sack:
                for (int block = 2; block + 8 <= option.Length; block += 8)
                {
                    context.Bytes32(SackLeft, at + block);
                    context.Bytes32(SackRight, at + block + 4);
                }

                break;
            case TcpOptionKind.FastOpen when option.Length > 2: context.Span(Cookie, at + 2, option.Length - 2); break;
            case TcpOptionKind.Multipath when option.Length > 2: context.Add(MptcpSubtype, at + 2, 1, (ulong)option.Value[0] >> 4); break;
        }
    }
}
