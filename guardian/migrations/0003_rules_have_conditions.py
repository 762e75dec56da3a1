
import alice_site.live_fields
import django.core.validators
import guardian.core.rule_tests
import guardian.core.rules
import guardian.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guardian', '0002_limits_of_tokens_and_holders'),
    ]

    operations = [
        migrations.CreateModel(
            name='RuleTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(default=987, help_text='Lägst nummer kommer först, 0–987.', validators=[django.core.validators.MaxValueValidator(987)], verbose_name='ordning')),
                ('name', models.SlugField(allow_unicode=True, max_length=60, unique=True, verbose_name='namn')),
                ('enabled', models.BooleanField(default=alice_site.live_fields.DefaultOf(guardian.core.rule_tests.RuleTest, 'enabled'), help_text='Ett prov som är av hindrar ingen publicering.', verbose_name='på')),
                ('text', models.TextField(help_text='Som någon skulle skriva den. Skriv inga riktiga personuppgifter.', max_length=2000, verbose_name='text')),
                ('expected', models.CharField(choices=[('refuse', 'avvisa'), ('allow', 'släpp förbi'), ('mask', 'maskera'), ('flag', 'flagga'), ('confirm', 'fråga först'), ('cache_only', 'bara sparade svar'), ('nothing', 'ingen regel')], default=alice_site.live_fields.DefaultOf(guardian.core.rule_tests.RuleTest, 'expected'), help_text='Vad som ska bli följden.', max_length=10, verbose_name='väntat')),
                ('rule', models.CharField(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rule_tests.RuleTest, 'rule'), help_text='Regelns namn. Tomt: vilken regel som helst.', max_length=60, verbose_name='av regeln')),
                ('role', models.CharField(choices=[('guest', 'gäst'), ('member', 'användare'), ('staff', 'driftansvarig'), ('program', 'program')], default=alice_site.live_fields.DefaultOf(guardian.core.rule_tests.RuleTest, 'role'), max_length=20, verbose_name='roll')),
                ('tenant', models.CharField(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rule_tests.RuleTest, 'tenant'), max_length=60, verbose_name='organisation')),
                ('channel', models.CharField(choices=[('web', 'chattsidan'), ('api', 'API'), ('openai', 'OpenAI-dörren'), ('shell', 'kommandoraden'), ('warm', 'uppvärmning')], default=alice_site.live_fields.DefaultOf(guardian.core.rule_tests.RuleTest, 'channel'), max_length=20, verbose_name='kanal')),
                ('source', models.CharField(choices=[('user', 'den som skriver'), ('document', 'ett dokument'), ('tool', 'ett verktyg')], default=alice_site.live_fields.DefaultOf(guardian.core.rule_tests.RuleTest, 'source'), max_length=20, verbose_name='källa')),
                ('language', models.CharField(default=alice_site.live_fields.DefaultOf(guardian.core.rule_tests.RuleTest, 'language'), max_length=8, verbose_name='språk')),
                ('intent', models.CharField(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rule_tests.RuleTest, 'intent'), max_length=60, verbose_name='avsikt')),
            ],
            options={
                'verbose_name': 'regelprov',
                'verbose_name_plural': 'regelprov',
                'ordering': ('rank', 'id'),
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='policyrule',
            name='channels',
            field=alice_site.live_fields.Several(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'channels'), help_text='Ingen ikryssad: alla.', verbose_name='kanaler'),
        ),
        migrations.AddField(
            model_name='policyrule',
            name='enabled',
            field=models.BooleanField(default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'enabled'), verbose_name='på'),
        ),
        migrations.AddField(
            model_name='policyrule',
            name='intents',
            field=alice_site.live_fields.Lines(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'intents'), help_text='Vad meddelandet frågar efter, en per rad: ett verktyg (calculator), answer för ett färdigt svar, open, eller en avsikt som Alice lärt sig. Tomt: alla.', verbose_name='avsikter'),
        ),
        migrations.AddField(
            model_name='policyrule',
            name='languages',
            field=alice_site.live_fields.Lines(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'languages'), help_text='Meddelandets språk, en kod per rad: sv, en … Tomt: alla.', verbose_name='språk'),
        ),
        migrations.AddField(
            model_name='policyrule',
            name='length_at_least',
            field=models.IntegerField(default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'length_at_least'), help_text='Så långt ska meddelandet vara; 0 är inget villkor. Enhet: tecken, 0–100000.', validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100000)], verbose_name='längd minst'),
        ),
        migrations.AddField(
            model_name='policyrule',
            name='reason',
            field=models.CharField(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'reason'), help_text='Varför regeln finns. Sägs med svaret (why.rules) till den som regeln gäller.', max_length=300, verbose_name='skäl'),
        ),
        migrations.AddField(
            model_name='policyrule',
            name='score',
            field=models.CharField(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'score'), max_length=40, verbose_name='klassificerare'),
        ),
        migrations.AddField(
            model_name='policyrule',
            name='score_at_least',
            field=models.FloatField(default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'score_at_least'), help_text='Så högt ska klassificeraren sätta. Enhet: poäng, 0–1.', validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='poäng minst'),
        ),
        migrations.AddField(
            model_name='policyrule',
            name='sources',
            field=alice_site.live_fields.Several(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'sources'), help_text='Varifrån texten kommer. Ingen ikryssad: alla.', verbose_name='källor'),
        ),
        migrations.AddField(
            model_name='policyrule',
            name='tenants',
            field=alice_site.live_fields.Lines(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'tenants'), help_text='Organisationernas kortnamn, ett per rad. Tomt: alla.', verbose_name='organisationer'),
        ),
        migrations.AddField(
            model_name='policyrule',
            name='unless',
            field=alice_site.live_fields.Several(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'unless'), help_text='Ikryssade villkor ska i stället inte vara uppfyllda.', verbose_name='vänds på'),
        ),
        migrations.AddField(
            model_name='policyrule',
            name='words',
            field=alice_site.live_fields.Lines(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'words'), help_text='Hela ord eller fraser, ett per rad. ”bomb*” står för alla ord som börjar så. Söks sedan personuppgifter maskerats; versaler spelar ingen roll.', verbose_name='ordlista'),
        ),
        migrations.AlterField(
            model_name='policyrule',
            name='action',
            field=models.CharField(choices=[('refuse', 'avvisa'), ('allow', 'släpp förbi'), ('mask', 'maskera'), ('flag', 'flagga'), ('confirm', 'fråga först'), ('cache_only', 'bara sparade svar')], default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'action'), help_text='Den första regel som avvisar eller släpper förbi har sista ordet. Det som maskeras, flaggas, frågas om eller bara får sparade svar läggs ihop fram till dess. Att fråga först går bara genom API:t; på sidan avvisas meddelandet.', max_length=10, verbose_name='åtgärd'),
        ),
        migrations.AlterField(
            model_name='policyrule',
            name='pattern',
            field=models.TextField(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'pattern'), help_text='Ett reguljärt uttryck (RE2) som söks i meddelandet sedan personuppgifter maskerats. Versaler spelar ingen roll.', max_length=1000, validators=[guardian.models.check_pattern], verbose_name='mönster'),
        ),
        migrations.AlterField(
            model_name='policyrule',
            name='roles',
            field=alice_site.live_fields.Several(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'roles'), help_text='Ingen ikryssad: alla.', verbose_name='roller'),
        ),
        migrations.AlterField(
            model_name='policyrule',
            name='sentence_sv',
            field=models.CharField(blank=True, default=alice_site.live_fields.DefaultOf(guardian.core.rules.Rule, 'sentence_sv'), help_text='Vad den som avvisas eller frågas får läsa. Tomt: en allmän mening.', max_length=300, verbose_name='besked på svenska'),
        ),
    ]
