using NetLab.Core.Kernel;
using NetLab.Core.Tcp;

namespace NetLab.Tests.Kernel;

public class EventFormatTests
{
    private static readonly string s_real = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "Kernel", "inet_sock_set_state.format"));

    [Fact]
    public void Fields_are_found_by_name_whatever_their_declaration()
    {
        var format = EventFormat.Parse(s_real)!;

        Assert.Equal("inet_sock_set_state", format.Name);
        Assert.Equal(new EventField(0, 2), format["common_type"]);
        Assert.Equal(new EventField(4, 4), format["common_pid"]);
        Assert.Equal(new EventField(8, 8), format["skaddr"]);
        Assert.Equal(new EventField(40, 16), format["saddr_v6"]);
        Assert.Null(format["no_such_field"]);
        Assert.Equal(72, format.Length);
    }

    [Fact]
    public void A_kernel_with_another_layout_still_reads()
    {
        // Everything behind the common part eight bytes further, as with a field more in front.
        string shifted = string.Join('\n', s_real.Split('\n').Select(line =>
        {
            int at = line.IndexOf("offset:", StringComparison.Ordinal);
            if (at < 0 || line.Contains("common_"))
                return line;
            int end = line.IndexOf(';', at);
            return $"{line[..(at + 7)]}{int.Parse(line[(at + 7)..end]) + 8}{line[end..]}";
        }));
        var layout = StateEventLayout.From(EventFormat.Parse(shifted)!)!;
        byte[] record = new byte[80];
        BitConverter.TryWriteBytes(record, layout.Id);
        BitConverter.TryWriteBytes(record.AsSpan(16), 0xFFFF888000001234);
        record[24] = 7; // TCP_CLOSE
        record[28] = 10; // TCP_LISTEN
        BitConverter.TryWriteBytes(record.AsSpan(32), (ushort)8000);
        record[36] = 2;
        record[38] = 6;
        (record[40], record[43]) = (127, 1);

        Assert.True(layout.TryRead(record, out var entry));
        Assert.Equal((TcpState.Closed, TcpState.Listen), (entry.Detail.State.From, entry.Detail.State.To));
        Assert.Equal("127.0.0.1:8000", entry.Tuple.Local.ToString());
        Assert.Equal(0xFFFF888000001234, entry.Socket);
    }

    [Fact]
    public void A_text_without_fields_is_no_format()
    {
        Assert.Null(EventFormat.Parse("name: x\nID: 7\nformat:\n"));
        Assert.Null(EventFormat.Parse(""));
        Assert.Null(EventFormat.Parse("field:no semicolon"));
        Assert.Null(EventFormat.Parse("field:int a;\toffset:99999999999;\tsize:-4;"));
    }

    [Fact]
    public void A_page_header_is_read_in_the_same_way()
    {
        const string text = """
                field: u64 timestamp;	offset:0;	size:8;	signed:0;
                field: local_t commit;	offset:8;	size:4;	signed:1;
                field: int overwrite;	offset:8;	size:1;	signed:1;
                field: char data;	offset:12;	size:65524;	signed:0;
            """;

        Assert.Equal(new TracePageLayout(8, 4, 12, 65_536), TracePageLayout.Parse(text));
        Assert.Equal(TracePageLayout.Usual, TracePageLayout.Parse("nonsense"));
    }
}
