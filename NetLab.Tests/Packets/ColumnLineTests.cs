using System.Text;
using NetLab.Core.Packets;
using NetLab.Tests.Support;

namespace NetLab.Tests.Packets;

public class ColumnLineTests
{
    [Fact]
    public void Columns_read_as_wiresharks()
    {
        string path = Path.Combine(Fixtures.Folder, "pcaps", "tcpdump__print-flags.pcap");
        var columns = new ColumnLine();
        byte[] buffer = new byte[2000];
        var lines = FixtureCapture.Read(path).Select(packet => Encoding.UTF8.GetString(buffer, 0, columns.Write(packet.Frame, buffer))).ToList();
        Assert.Equal("    1 0.000000  127.0.0.1 → 127.0.0.1  TCP       74 55920 → 80 [SYN] Seq=0 Win=32767 Len=0", lines[0]);
        Assert.Equal("    2 0.000056  127.0.0.1 → 127.0.0.1  TCP       74 80 → 55920 [SYN, ACK] Seq=0 Ack=1 Win=32767 Len=0", lines[1]);
        Assert.Equal("    4 0.001357  127.0.0.1 → 127.0.0.1  HTTP     268 55920 → 80 [PSH, ACK] Seq=1 Ack=1 Win=8192 Len=202", lines[3]);
    }
}
