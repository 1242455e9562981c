using NetLab.Core.Capture;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab capture -D</c>: the interfaces that packets can be captured on.</summary>
internal static class InterfaceList
{
    /// <summary>Prints them.</summary>
    /// <returns>The exit code.</returns>
    public static int Print(CommandContext context, TimelineForm form)
    {
        if (NetworkInterfaces.List(out var obstacle) is not { } interfaces)
            return CaptureCommand.Refuse(context, obstacle!, CaptureRefusal.NoLibpcap);
        int width = interfaces.Count == 0 ? 0 : interfaces.Max(one => one.Name.Length);
        foreach (var one in interfaces)
            context.Output.WriteLine(form == TimelineForm.Json ? Json(one) : EventText.Printable(Line(one, width)));
        return ExitCode.Done;
    }

    private static string Line(NetworkInterface one, int width)
    {
        string state = one.IsUp ? one.IsRunning ? "up  " : "idle" : "down";
        string about = string.Join("  ", ((string[])[.. one.Addresses.Select(address => address.ToString()), one.Description]).Where(part => part.Length > 0));
        return $"{one.Name.PadRight(width)}  {state}  {about}".TrimEnd();
    }

    private static string Json(NetworkInterface one) => JsonLine.Write(json =>
    {
        json.WriteString("kind", "interface");
        json.WriteString("name", one.Name);
        json.WriteString("description", one.Description);
        json.WriteBoolean("up", one.IsUp);
        json.WriteBoolean("running", one.IsRunning);
        json.WriteBoolean("loopback", one.IsLoopback);
        json.WriteStartArray("addresses");
        foreach (var address in one.Addresses)
            json.WriteStringValue(address.ToString());
        json.WriteEndArray();
    });
}
