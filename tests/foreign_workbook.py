"""A person's workbook, as rich as Excel makes them: everything that a library loses when it saves.

Made by openpyxl, then given by hand what openpyxl cannot write: stored results of formulas, shared strings with
rich text, sparklines, extended conditional formats, a picture, a shared formula, a calculation chain, odd parts.
"""

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

HEADINGS = [
    "Facture",
    "Client",
    "Date de facture",
    "Échéance",
    "Montant TTC",
    "Statut perso",
    "Reste dû",
    "Pourquoi",
    "Jours de retard",
]
ROWS = 6

_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf50000003860180"
    "5a3468dd0000000049454e44ae426082"
)
_SPARKLINES = (
    '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" xmlns:x14="http://schemas.microsoft.com/office/'
    'spreadsheetml/2009/9/main"><x14:sparklineGroups xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    "<x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>Factures!E2:E7</xm:f><xm:sqref>N2</xm:sqref>"
    "</x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
)


def make_foreign(path: Path) -> None:
    """Write the workbook: tabs "Factures" (ours, with foreign columns) and "Analyse" (the person's alone)."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Factures"
    sheet.append(HEADINGS)
    for number in range(1, ROWS + 1):
        sheet.append(
            [f"00{number}", f"C{number}", date(2026, 1, number), None, 100.5 * number, f"à voir {number}", None, None, None]
        )
        sheet.cell(number + 1, 4).value = f"=C{number + 1}+30"
        sheet.cell(number + 1, 4).number_format = "dd/mm/yyyy"
        sheet.cell(number + 1, 6).fill = PatternFill("solid", fgColor="FFAA00")
        sheet.cell(number + 1, 11).value = f"=E{number + 1}*2"
    sheet["F3"].comment = Comment("appeler avant midi", "Une collègue")
    sheet["L2"] = "=SUM(G2:G7)"
    sheet["F4"].font = Font(italic=True, color="FF0000")
    sheet.conditional_formatting.add("E2:E7", ColorScaleRule("min", None, "FFFFFF", "max", None, "FF0000"))
    choices = DataValidation(type="list", formula1='"à voir,vu"')
    choices.add("F2:F99")
    sheet.add_data_validation(choices)
    sheet.column_dimensions["F"].width = 33
    sheet.row_dimensions[3].height = 41
    sheet.row_dimensions[5].hidden = True
    other = book.create_sheet("Analyse")
    other.append(["mois", "montant", "double"])
    for number in range(2, 9):
        other.append([f"mois {number}", number * 10, f"=B{number}*2"])
    other.merge_cells("E1:G3")
    other.protection.set_password("secret")
    other.protection.enable()
    other.add_table(Table(displayName="Mois", ref="A1:C8"))
    chart = BarChart()
    chart.add_data(Reference(other, min_col=2, min_row=1, max_row=8))
    other.add_chart(chart, "I2")
    book.defined_names["taux_maison"] = DefinedName("taux_maison", attr_text="Analyse!$B$3")
    out = BytesIO()
    book.save(out)
    _add_what_openpyxl_cannot(out.getvalue(), path)


def _add_what_openpyxl_cannot(data: bytes, path: Path) -> None:
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info.filename)
            if info.filename == "xl/worksheets/sheet1.xml":
                content = _first_sheet(content.decode()).encode()
            elif info.filename == "xl/worksheets/sheet2.xml":
                content = re.sub(rb"<f>B(\d)\*2</f><v\s*/?>(</v>)?", rb"<f>B\1*2</f><v>\g<1>0.5</v>", content)
            elif info.filename == "[Content_Types].xml":
                content = content.replace(
                    b"</Types>",
                    b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                    b'spreadsheetml.calcChain+xml"/><Default Extension="bin" ContentType="application/octet-stream"/></Types>',
                )
            elif info.filename == "xl/_rels/workbook.xml.rels":
                content = content.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rId99" Target="calcChain.xml" Type="http://schemas.openxmlformats.org/officeDocument'
                    b'/2006/relationships/calcChain"/></Relationships>',
                )
            target.writestr(info, content)
        target.writestr("xl/calcChain.xml", '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>')
        target.writestr(zipfile.ZipInfo("xl/media/logo.png", (2020, 2, 2, 2, 2, 2)), _PNG)  # stored, not deflated
        target.writestr("xl/printerSettings/printerSettings1.bin", bytes(range(256)))


def _first_sheet(xml: str) -> str:
    xml = re.sub(r"<f>C(\d)\+30</f><v\s*/?>(</v>)?", lambda m: f"<f>C{m[1]}+30</f><v>{46022 + int(m[1]) + 29}</v>", xml)
    xml = re.sub(r"<f>E(\d)\*2</f><v\s*/?>(</v>)?", lambda m: f"<f>E{m[1]}*2</f><v>{201 * (int(m[1]) - 1)}</v>", xml)
    xml = re.sub(r"<f>SUM\(G2:G7\)</f><v\s*/?>(</v>)?", "<f>SUM(G2:G7)</f><v>4242</v>", xml)
    xml = xml.replace("<t>&#224; voir 4</t>", '<r><rPr><b/></rPr><t xml:space="preserve">à </t></r><r><t>voir r="H5" 4</t></r>')
    mark = xml.index("</worksheet>")
    return xml[:mark] + _SPARKLINES + xml[mark:]
