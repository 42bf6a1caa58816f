CREATE TABLE "staff" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "username" TEXT NOT NULL, "name" TEXT NOT NULL, "credential" TEXT NOT NULL, "clinical" INTEGER NOT NULL, "may_bill" INTEGER NOT NULL, "npi" TEXT, "roles" TEXT NOT NULL, "os_user" TEXT, "active" INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX "staff_username" ON "staff" ("username") WHERE ("struck_at" IS NULL);
CREATE UNIQUE INDEX "staff_os_user" ON "staff" ("os_user") WHERE ("struck_at" IS NULL);
CREATE TABLE "patient" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "mrn" TEXT NOT NULL, "family" TEXT NOT NULL, "given" TEXT, "preferred" TEXT, "other_names" TEXT, "folded" TEXT NOT NULL, "birth_date" TEXT, "sex" TEXT NOT NULL, "deceased" INTEGER NOT NULL, "deceased_on" TEXT, "language" TEXT, "interpreter" INTEGER, "best_time" TEXT, "may_leave_message" INTEGER, "street" TEXT, "city" TEXT, "state" TEXT, "postal_code" TEXT, "email" TEXT, "payer" TEXT, "mbi" TEXT, "qmb" INTEGER, "care_manager_id" BLOB, "billing_practitioner" TEXT, "remarks" TEXT, FOREIGN KEY ("care_manager_id") REFERENCES "staff" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "patient_care_manager_id" ON "patient" ("care_manager_id");
CREATE INDEX "patient_folded" ON "patient" ("folded");
CREATE INDEX "patient_source" ON "patient" ("source");
CREATE INDEX "patient_birth_date" ON "patient" ("birth_date");
CREATE UNIQUE INDEX "patient_mrn" ON "patient" ("mrn") WHERE ("struck_at" IS NULL);
CREATE TABLE "allergy" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "patient_id" BLOB NOT NULL, "substance" TEXT NOT NULL, "system" TEXT, "code" TEXT, "reaction" TEXT, "severity" TEXT, "status" TEXT NOT NULL, "onset" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "allergy_patient_id" ON "allergy" ("patient_id");
CREATE TABLE "audit" ("seq" INTEGER NOT NULL PRIMARY KEY, "at" INTEGER NOT NULL, "who" BLOB, "action" TEXT NOT NULL, "patient" BLOB, "facts" TEXT, "content" BLOB, "prev" BLOB NOT NULL, "hash" BLOB NOT NULL) STRICT;
CREATE INDEX "audit_who_seq" ON "audit" ("who", "seq");
CREATE INDEX "audit_who_at" ON "audit" ("who", "at");
CREATE INDEX "audit_patient_seq" ON "audit" ("patient", "seq");
CREATE TABLE "condition" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "patient_id" BLOB NOT NULL, "system" TEXT NOT NULL, "code" TEXT, "display" TEXT NOT NULL, "own_words" TEXT, "condition_group" TEXT, "chronic" INTEGER, "status" TEXT NOT NULL, "onset" TEXT, "resolved" TEXT, "confirmed_by" TEXT, "confirmed_on" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "condition_patient_id" ON "condition" ("patient_id");
CREATE INDEX "condition_condition_group_patient_id" ON "condition" ("condition_group", "patient_id");
CREATE TABLE "consent" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "patient_id" BLOB NOT NULL, "program" TEXT NOT NULL, "decision" TEXT NOT NULL, "date" TEXT NOT NULL, "mode" TEXT, "taken_by_id" BLOB, "points" TEXT, "script_version" TEXT, "practitioner" TEXT, "effective_to" TEXT, "remarks" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT, FOREIGN KEY ("taken_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "consent_patient_id_program_date" ON "consent" ("patient_id", "program", "date");
CREATE TABLE "contact" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "patient_id" BLOB NOT NULL, "staff_id" BLOB NOT NULL, "at" INTEGER NOT NULL, "mode" TEXT NOT NULL, "outcome" TEXT NOT NULL, "with_whom" TEXT NOT NULL, "why" TEXT, "changed" TEXT, "did" TEXT, "next" TEXT, "signed_as" TEXT NOT NULL, "signed_at" INTEGER NOT NULL, "contact_group" BLOB, "amended_at" INTEGER, "amended_by_id" BLOB, "amended_why" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT, FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT, FOREIGN KEY ("amended_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "contact_patient_id_at" ON "contact" ("patient_id", "at");
CREATE INDEX "contact_staff_id_at" ON "contact" ("staff_id", "at");
CREATE INDEX "contact_contact_group" ON "contact" ("contact_group");
CREATE TABLE "enrollment" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "patient_id" BLOB NOT NULL, "program" TEXT NOT NULL, "status" TEXT NOT NULL, "start_on" TEXT, "end_on" TEXT, "reason" TEXT, "practitioner" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "enrollment_patient_id_program" ON "enrollment" ("patient_id", "program");
CREATE INDEX "enrollment_status_program" ON "enrollment" ("status", "program");
CREATE TABLE "gap" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "staff_id" BLOB NOT NULL, "day" TEXT NOT NULL, "what" TEXT NOT NULL, "why" TEXT, FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "gap_staff_id_day" ON "gap" ("staff_id", "day");
CREATE TABLE "image" ("seq" INTEGER NOT NULL, "part" INTEGER NOT NULL, "table_name" TEXT NOT NULL, "row" BLOB, "version" INTEGER NOT NULL, "before" TEXT, "after" BLOB, "packed" BLOB, "schema_version" INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX "image_seq_part" ON "image" ("seq", "part");
CREATE INDEX "image_row_version" ON "image" ("row", "version");
CREATE TABLE "loan" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "owner_id" BLOB NOT NULL, "cover_id" BLOB NOT NULL, "starts" TEXT NOT NULL, "ends" TEXT NOT NULL, "why" TEXT, "ended_at" INTEGER, FOREIGN KEY ("owner_id") REFERENCES "staff" ("id") ON DELETE RESTRICT, FOREIGN KEY ("cover_id") REFERENCES "staff" ("id") ON DELETE RESTRICT) STRICT;
CREATE TABLE "measurement" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "patient_id" BLOB NOT NULL, "kind" TEXT NOT NULL, "date" TEXT NOT NULL, "value" REAL, "value2" REAL, "text" TEXT, "unit" TEXT, "doubtful" INTEGER NOT NULL, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "measurement_patient_id_kind_date" ON "measurement" ("patient_id", "kind", "date");
CREATE TABLE "medication" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "patient_id" BLOB NOT NULL, "display" TEXT NOT NULL, "system" TEXT, "code" TEXT, "dosage" TEXT, "status" TEXT NOT NULL, "started" TEXT, "stopped" TEXT, "last_ordered" TEXT, "prescriber" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "medication_patient_id_status" ON "medication" ("patient_id", "status");
CREATE TABLE "phone" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "patient_id" BLOB NOT NULL, "number" TEXT NOT NULL, "digits" TEXT, "use" TEXT NOT NULL, "rank" INTEGER NOT NULL, "remarks" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "phone_patient_id" ON "phone" ("patient_id");
CREATE INDEX "phone_digits" ON "phone" ("digits");
CREATE TABLE "provider" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "name" TEXT NOT NULL, "folded" TEXT NOT NULL, "npi" TEXT, "specialty" TEXT, "organization" TEXT, "phone" TEXT, "fax" TEXT) STRICT;
CREATE INDEX "provider_folded" ON "provider" ("folded");
CREATE INDEX "provider_source" ON "provider" ("source");
CREATE TABLE "related_person" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "patient_id" BLOB NOT NULL, "name" TEXT NOT NULL, "relationship" TEXT NOT NULL, "phone" TEXT, "language" TEXT, "caregiver" INTEGER NOT NULL, "may_talk" INTEGER, "remarks" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "related_person_patient_id" ON "related_person" ("patient_id");
CREATE TABLE "setting" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "key" TEXT NOT NULL, "value" TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX "setting_key" ON "setting" ("key") WHERE ("struck_at" IS NULL);
CREATE TABLE "snooze" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "patient_id" BLOB NOT NULL, "source" TEXT NOT NULL, "until" TEXT NOT NULL, "why" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "snooze_patient_id_source_until" ON "snooze" ("patient_id", "source", "until");
CREATE TABLE "stay" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "patient_id" BLOB NOT NULL, "kind" TEXT NOT NULL, "facility" TEXT, "admitted" TEXT NOT NULL, "admitted_at" INTEGER, "discharged" TEXT, "discharged_at" INTEGER, "discharged_to" TEXT, "reason" TEXT, "medications_reconciled_on" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "stay_patient_id_admitted" ON "stay" ("patient_id", "admitted");
CREATE INDEX "stay_discharged" ON "stay" ("discharged");
CREATE TABLE "task" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "patient_id" BLOB, "kind" TEXT NOT NULL, "title" TEXT NOT NULL, "why" TEXT, "due" TEXT NOT NULL, "due_time" TEXT, "assignee_id" BLOB NOT NULL, "status" TEXT NOT NULL, "attempt" INTEGER, "contact" BLOB, "handed_by_id" BLOB, "handed_at" INTEGER, "acknowledged_at" INTEGER, "snoozed_until" TEXT, "snoozed_why" TEXT, "settled_at" INTEGER, "settled_by_id" BLOB, "settled_how" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT, FOREIGN KEY ("assignee_id") REFERENCES "staff" ("id") ON DELETE RESTRICT, FOREIGN KEY ("handed_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT, FOREIGN KEY ("settled_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "task_assignee_id_settled_at_due" ON "task" ("assignee_id", "settled_at", "due");
CREATE INDEX "task_patient_id_settled_at" ON "task" ("patient_id", "settled_at");
CREATE INDEX "task_handed_by_id_settled_at" ON "task" ("handed_by_id", "settled_at");
CREATE TABLE "team_member" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "patient_id" BLOB NOT NULL, "name" TEXT NOT NULL, "role" TEXT NOT NULL, "specialty" TEXT, "organization" TEXT, "phone" TEXT, "fax" TEXT, "npi" TEXT, "until" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "team_member_patient_id" ON "team_member" ("patient_id");
CREATE TABLE "time_entry" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "patient_id" BLOB NOT NULL, "staff_id" BLOB NOT NULL, "contact_id" BLOB, "started_at" INTEGER NOT NULL, "ended_at" INTEGER NOT NULL, "typed" INTEGER NOT NULL, "credential" TEXT NOT NULL, "clinical" INTEGER NOT NULL, "program" TEXT, "practitioner" TEXT, "activity" TEXT NOT NULL, "face_to_face" INTEGER NOT NULL, "in_billed_visit" INTEGER NOT NULL, "group_size" INTEGER NOT NULL, "group_place" INTEGER NOT NULL, "entry_group" BLOB, "note" TEXT, "entered_at" INTEGER NOT NULL, "long_why" TEXT, "amended_at" INTEGER, "amended_by_id" BLOB, "amended_why" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT, FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT, FOREIGN KEY ("contact_id") REFERENCES "contact" ("id") ON DELETE RESTRICT, FOREIGN KEY ("amended_by_id") REFERENCES "staff" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "time_entry_patient_id_started_at" ON "time_entry" ("patient_id", "started_at");
CREATE INDEX "time_entry_staff_id_started_at" ON "time_entry" ("staff_id", "started_at");
CREATE INDEX "time_entry_started_at" ON "time_entry" ("started_at");
CREATE INDEX "time_entry_contact_id" ON "time_entry" ("contact_id");
CREATE INDEX "time_entry_entry_group" ON "time_entry" ("entry_group");
CREATE TABLE "timer" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "patient_id" BLOB NOT NULL, "staff_id" BLOB NOT NULL, "started_at" INTEGER NOT NULL, "status" TEXT NOT NULL, "stopped_at" INTEGER, "on_call" INTEGER NOT NULL, "entry" BLOB, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT, FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "timer_staff_id_status" ON "timer" ("staff_id", "status");
CREATE UNIQUE INDEX "timer_staff_id" ON "timer" ("staff_id") WHERE (("struck_at" IS NULL) AND ("status" = 'running'));
CREATE TABLE "vaccination" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "patient_id" BLOB NOT NULL, "kind" TEXT NOT NULL, "display" TEXT NOT NULL, "date" TEXT NOT NULL, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "vaccination_patient_id_date" ON "vaccination" ("patient_id", "date");
CREATE TABLE "visit" ("id" BLOB NOT NULL PRIMARY KEY, "version" INTEGER NOT NULL, "struck_at" INTEGER, "struck_by" BLOB, "struck_why" TEXT, "source" TEXT, "source_digest" TEXT, "source_version" INTEGER, "patient_id" BLOB NOT NULL, "date" TEXT NOT NULL, "kind" TEXT NOT NULL, "practitioner" TEXT, "what" TEXT, "reason" TEXT, "care_management_discussed" INTEGER, "mdm" TEXT, FOREIGN KEY ("patient_id") REFERENCES "patient" ("id") ON DELETE RESTRICT) STRICT;
CREATE INDEX "visit_patient_id_date" ON "visit" ("patient_id", "date");
CREATE TABLE "working" ("id" BLOB NOT NULL PRIMARY KEY, "kind" TEXT NOT NULL, "owner" BLOB NOT NULL, "key" TEXT NOT NULL, "patient" BLOB, "at" INTEGER NOT NULL, "data" TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX "working_owner_kind_key" ON "working" ("owner", "kind", "key");
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit chain is never changed'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit chain is never cut'); END;
CREATE TRIGGER audit_no_gap BEFORE INSERT ON audit
       WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
         OR NEW.prev IS NOT (SELECT coalesce((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), x''))
       BEGIN SELECT RAISE(ABORT, 'the audit chain has no gaps'); END;
CREATE TRIGGER image_no_update BEFORE UPDATE ON image
       BEGIN SELECT RAISE(ABORT, 'images are never changed'); END;
CREATE TRIGGER image_no_delete BEFORE DELETE ON image
       BEGIN SELECT RAISE(ABORT, 'images are never removed'); END;
CREATE TRIGGER image_no_late BEFORE INSERT ON image
       WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
       BEGIN SELECT RAISE(ABORT, 'images are written with their change only'); END;
