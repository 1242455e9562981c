using NetLab.Core.Packets;
using NetLab.Tests.Support;

namespace NetLab.Tests.Packets;

public class AllocationTests
{
    [Fact]
    public void Headers_lines_and_fields_allocate_nothing_once_warm()
    {
        var packets = Fixtures.Captures.SelectMany(FixtureCapture.Read).ToList();
        byte[] buffer = new byte[TcpdumpLine.SuggestedBuffer];
        var line = new TcpdumpLine(LineTime.DateAndTime);
        var dissection = new Dissection();
        void All()
        {
            foreach (var packet in packets)
            {
                PacketHeaders.Parse(packet.LinkType, packet.Bytes, out _);
                line.Write(packet.Frame, buffer);
                Dissector.Dissect(packet.Frame, dissection);
            }
        }

        All();
        Assert.Equal(0, Allocation.Least(All));
    }
}
